package io.cardea.oauth;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Takes over logins that other programs of this machine's user have made. Only ever reads their files. */
@ProviderType
public interface Imports {

    /** The providers for which another program's login can be taken over. */
    List<String> providers();

    /**
     * Stores what another program keeps of its login, in place of what the connection held before. The provider need not be
     * here. The stage fails with {@link OAuthException}: with {@link OAuthError#INVALID_REQUEST}, naming the file and what
     * it lacks, when there is no login in it.
     *
     * @param provider one of {@link #providers}
     * @param file where the login is; absent for where the program keeps it by itself
     * @param connection the name of the connection that is to hold the credential
     */
    CompletionStage<Imported> importFrom(String provider, Optional<Path> file, String connection);
}
