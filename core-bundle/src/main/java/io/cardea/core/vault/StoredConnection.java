package io.cardea.core.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.seal.Sha256;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * All that is known of a connection.
 *
 * @param version how often it was written; see {@link io.cardea.oauth.vault.VaultRecord}
 * @param reauthorizationRequired whether the provider refused the refresh token for good
 */
public record StoredConnection(
        ConnectionKey key,
        long version,
        Credential credential,
        Profile profile,
        Instant createdAt,
        Optional<Instant> refreshedAt,
        boolean reauthorizationRequired) {

    private static final int FINGERPRINT_BYTES = 8;

    /** Without tokens, for everybody. */
    public Connection connection(ConnectionState state) {
        return new Connection(
                key,
                state,
                credential.scopes(),
                credential.expiresAt(),
                profile.subject(),
                profile.account(),
                createdAt,
                refreshedAt,
                HexFormat.of().formatHex(Sha256.of(credential.accessToken().getBytes(UTF_8)), 0, FINGERPRINT_BYTES));
    }

    /** For a caller who may have the access token. */
    public AccessToken accessToken(boolean withRefreshToken) {
        return new AccessToken(
                key,
                credential.accessToken(),
                credential.tokenType(),
                credential.expiresAt(),
                credential.scopes(),
                withRefreshToken ? credential.refreshToken() : Optional.empty());
    }

    /** What follows when the provider answered a refresh; what the answer lacks stays as it was. */
    public StoredConnection refreshed(Credential answer, Instant now) {
        Credential merged = new Credential(
                answer.accessToken(),
                answer.tokenType(),
                answer.expiresAt(),
                answer.refreshToken().or(credential::refreshToken),
                answer.idToken().or(credential::idToken),
                answer.scopes().isEmpty() ? credential.scopes() : answer.scopes(),
                answer.attributes().isEmpty() ? credential.attributes() : answer.attributes());
        return new StoredConnection(key, version + 1, merged, profile, createdAt, Optional.of(now), false);
    }

    /** What follows when the provider refused the refresh token for good. */
    public StoredConnection refused() {
        return new StoredConnection(key, version + 1, credential, profile, createdAt, refreshedAt, true);
    }
}
