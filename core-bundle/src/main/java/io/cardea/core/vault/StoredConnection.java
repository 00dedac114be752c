package io.cardea.core.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.seal.Sha256;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a connection.
 *
 * @param version grows by one with each write; see {@link io.cardea.oauth.vault.VaultRecord}
 * @param plugin the bundle whose provider logged in; empty where that was another program, or is not known
 * @param reauthorizationRequired whether the provider refused the refresh token for good
 * @param attempt a refresh that was begun; absent when the last one has ended
 * @param superseded refresh tokens that were replaced lately
 */
public record StoredConnection(
        ConnectionKey key,
        long version,
        Credential credential,
        Profile profile,
        String plugin,
        Instant createdAt,
        Optional<Instant> refreshedAt,
        boolean reauthorizationRequired,
        Optional<RefreshAttempt> attempt,
        List<SupersededToken> superseded) {

    private static final int FINGERPRINT_BYTES = 8;
    // A caller whom the answer to its refresh did not reach comes again within that time.
    private static final Duration RECOGNIZED = Duration.ofSeconds(60);
    private static final int MAX_SUPERSEDED = 8;

    public StoredConnection {
        superseded = List.copyOf(superseded);
    }

    /** One that has not been refreshed yet. */
    public StoredConnection(
            ConnectionKey key,
            long version,
            Credential credential,
            Profile profile,
            String plugin,
            Instant createdAt,
            Optional<Instant> refreshedAt,
            boolean reauthorizationRequired) {
        this(
                key,
                version,
                credential,
                profile,
                plugin,
                createdAt,
                refreshedAt,
                reauthorizationRequired,
                Optional.empty(),
                List.of());
    }

    /** Without tokens, for everybody. */
    public Connection connection(ConnectionState state) {
        return new Connection(
                key,
                state,
                credential.scopes(),
                credential.expiresAt(),
                profile.subject(),
                profile.account(),
                profile.email(),
                profile.plan(),
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

    /** When the access token was granted. */
    public Instant grantedAt() {
        return refreshedAt.orElse(createdAt);
    }

    /** Whether a refresh token is one that was replaced less than a minute ago. */
    public boolean superseded(String refreshToken, Instant now) {
        boolean known = false;
        for (SupersededToken token : superseded) {
            known |= now.isBefore(token.until()) && token.is(refreshToken);
        }
        return known;
    }

    /** What follows when a refresh is begun. */
    public StoredConnection attempted(RefreshAttempt begun) {
        return following(reauthorizationRequired, Optional.of(begun));
    }

    /** What follows when a refresh has ended and nothing has changed; {@code before} is what was known before it. */
    public StoredConnection notRefreshed(Optional<RefreshAttempt> before) {
        return following(reauthorizationRequired, before);
    }

    /** What follows when the provider refused the refresh token for good. */
    public StoredConnection refused() {
        return following(true, Optional.empty());
    }

    private StoredConnection following(boolean refused, Optional<RefreshAttempt> nextAttempt) {
        return new StoredConnection(
                key,
                version + 1,
                credential,
                profile,
                plugin,
                createdAt,
                refreshedAt,
                refused,
                nextAttempt,
                superseded);
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
        return new StoredConnection(
                key,
                version + 1,
                merged,
                profile,
                plugin,
                createdAt,
                Optional.of(now),
                false,
                Optional.empty(),
                merged.refreshToken().equals(credential.refreshToken()) ? recognized(now) : withReplaced(now));
    }

    private List<SupersededToken> recognized(Instant now) {
        return superseded.stream().filter(token -> now.isBefore(token.until())).toList();
    }

    private List<SupersededToken> withReplaced(Instant now) {
        List<SupersededToken> tokens = new ArrayList<>(recognized(now));
        credential.refreshToken().ifPresent(token -> tokens.add(SupersededToken.of(token, now.plus(RECOGNIZED))));
        return tokens.subList(Math.max(0, tokens.size() - MAX_SUPERSEDED), tokens.size());
    }

    /** Without tokens. */
    @Override
    public String toString() {
        return "StoredConnection[key=" + key + ", version=" + version + "]";
    }
}
