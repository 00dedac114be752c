package io.cardea.oauth;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The keys that were made for programs, each under a name and with its limits; the key of this machine's user, which
 * opens everything, is none of them. {@link ApiKeys} says what a key opens.
 *
 * <p>Methods throw {@link OAuthException}: with {@link OAuthError#INVALID_REQUEST} for what the caller could do better,
 * with {@link OAuthError#SERVER_ERROR} when the file with the keys is damaged, unsafe or cannot be written. They block
 * for as long as the disk takes.
 */
@ProviderType
public interface NamedApiKeys {

    /**
     * Makes a key, which is on the disk before it is returned.
     *
     * @param name must be nobody else's
     * @param providers the providers that it is limited to, here now or not; empty for all
     * @param actions what it is limited to, of {@link ApiKey#ACTIONS}; empty for everything
     */
    CreatedKey create(String name, Set<String> providers, Set<String> actions);

    /** All of them, by name. */
    List<ApiKey> list();

    /** Forgets a key. When this returns it opens nothing any more, now and after a restart. False when there is none. */
    boolean withdraw(String name);
}
