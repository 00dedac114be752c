package io.cardea.oauth;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Logins by authorization code (RFC 6749, section 4.1), always with {@code state} and, unless the provider cannot, with
 * PKCE. Nothing is kept in memory between {@link #begin} and {@link #complete}: the login travels sealed in the
 * browser. Stages fail with {@link OAuthException} and complete on any thread.
 */
@ProviderType
public interface Logins {

    /** Begins a login: where to send the browser, and what to leave with it. */
    CompletionStage<BegunLogin> begin(LoginRequest request);

    /**
     * Ends a login: checks that it is this browser's and still alive, exchanges the code and stores the credential.
     * Whatever comes of it, a login ends once.
     */
    CompletionStage<CompletedLogin> complete(LoginCallback callback);
}
