package io.cardea.oauth.provider;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an authorization server granted (RFC 6749, section 5.1).
 *
 * @param accessToken the access token
 * @param tokenType how it is used, nearly always {@code Bearer}
 * @param expiresAt when the access token ends; absent when it does not, or when nobody knows
 * @param refreshToken gets the next access token; absent when none was granted
 * @param idToken the OpenID Connect ID token as it was received; absent when none was granted
 * @param scopes what was granted; empty where the server did not say, which means: what was asked for
 * @param attributes what a provider must remember of its own for refreshing and revoking; stored as encrypted as the
 *     tokens are
 */
public record Credential(
        String accessToken,
        String tokenType,
        Optional<Instant> expiresAt,
        Optional<String> refreshToken,
        Optional<String> idToken,
        List<String> scopes,
        Map<String, String> attributes) {

    /** @throws NullPointerException naming what is null */
    public Credential {
        Objects.requireNonNull(accessToken, "accessToken");
        Objects.requireNonNull(tokenType, "tokenType");
        Objects.requireNonNull(expiresAt, "expiresAt");
        Objects.requireNonNull(refreshToken, "refreshToken");
        Objects.requireNonNull(idToken, "idToken");
        scopes = List.copyOf(scopes);
        attributes = Map.copyOf(attributes);
    }

    /**
     * The claims of the ID token, where there is one (OpenID Connect Core, section 2). Cardea validates it before it asks
     * for a profile; a credential that was imported comes as another program had it, so that nothing may be decided by it.
     */
    public Optional<JsonObject> idTokenClaims() {
        return idToken.flatMap(Jwt::claims);
    }

    /** A bearer token that is known to have neither an end nor a successor. */
    public static Credential bearer(String accessToken) {
        return new Credential(
                accessToken, "Bearer", Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Map.of());
    }

    /** This credential with another end. */
    public Credential withExpiresAt(Instant end) {
        return new Credential(accessToken, tokenType, Optional.of(end), refreshToken, idToken, scopes, attributes);
    }

    /** This credential with another refresh token. */
    public Credential withRefreshToken(String token) {
        return new Credential(accessToken, tokenType, expiresAt, Optional.of(token), idToken, scopes, attributes);
    }

    /** This credential with other scopes. */
    public Credential withScopes(List<String> granted) {
        return new Credential(accessToken, tokenType, expiresAt, refreshToken, idToken, granted, attributes);
    }

    /** This credential with other attributes. */
    public Credential withAttributes(Map<String, String> remembered) {
        return new Credential(accessToken, tokenType, expiresAt, refreshToken, idToken, scopes, remembered);
    }

    /** Without any token. */
    @Override
    public String toString() {
        return "Credential[tokenType=" + tokenType + ", expiresAt=" + expiresAt + ", scopes=" + scopes + "]";
    }
}
