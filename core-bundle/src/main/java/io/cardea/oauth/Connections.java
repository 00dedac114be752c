package io.cardea.oauth;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The stored credentials and what can be done with them. Stages fail with {@link OAuthException} and complete on any
 * thread.
 */
@ProviderType
public interface Connections {

    /** All connections, by provider and name. */
    List<Connection> list();

    /** One connection; absent when there is none. */
    Optional<Connection> find(String provider, String connection);

    /** A token that is good for another minute at least; see {@link #accessToken(String, String, Duration)}. */
    default CompletionStage<AccessToken> accessToken(String provider, String connection) {
        return accessToken(provider, connection, Duration.ofSeconds(60));
    }

    /**
     * An access token, refreshed first where it would end too soon. Fails with {@link OAuthError#NOT_CONNECTED} or {@link
     * OAuthError#REAUTHORIZATION_REQUIRED}, or as the provider does.
     *
     * @param minTtl how long the token must be valid from now on; a provider whose tokens all live shorter gives what it
     *     has
     */
    CompletionStage<AccessToken> accessToken(String provider, String connection, Duration minTtl);

    /** Gets a new access token now. Callers who ask while one is being fetched get the same. */
    CompletionStage<AccessToken> refresh(String provider, String connection);

    /**
     * The same, for a caller who knows the connection by its refresh token. A token that Cardea did not store is refused
     * with {@link OAuthError#INVALID_GRANT} without asking the provider.
     */
    CompletionStage<AccessToken> refreshWith(String provider, String refreshToken);

    /** Forgets the credential at once, then revokes it at the provider where that is possible. */
    CompletionStage<Void> revoke(String provider, String connection);

    /**
     * The same, for a caller who knows the connection by its access or refresh token. A token that Cardea did not store
     * counts as revoked (RFC 7009, section 2.2).
     */
    CompletionStage<Void> revokeToken(String provider, String token);
}
