package io.cardea.oauth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An access token to be used (RFC 6749, section 1.4).
 *
 * @param key the connection it belongs to
 * @param value the token itself
 * @param tokenType how it is used, nearly always {@code Bearer}
 * @param expiresAt when it ends; absent when it does not, or when nobody knows
 * @param scopes what was granted; empty where nobody knows
 * @param refreshToken the next refresh token; present only for a caller who showed the last one
 */
public record AccessToken(
        ConnectionKey key,
        String value,
        String tokenType,
        Optional<Instant> expiresAt,
        List<String> scopes,
        Optional<String> refreshToken) {

    public AccessToken {
        scopes = List.copyOf(scopes);
    }

    /** Without any token. */
    @Override
    public String toString() {
        return "AccessToken[key=" + key + ", expiresAt=" + expiresAt + "]";
    }
}
