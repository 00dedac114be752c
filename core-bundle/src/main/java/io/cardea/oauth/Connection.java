package io.cardea.oauth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A stored credential, seen without its tokens.
 *
 * @param key provider and name
 * @param state how it stands
 * @param scopes what was granted; empty where nobody knows
 * @param expiresAt when the access token ends; absent when it does not, or when nobody knows
 * @param subject the account's identifier at the provider; absent when unknown
 * @param account how a person knows the account; absent when unknown
 * @param email the account's e-mail address; absent when unknown
 * @param plan what the account has subscribed to, as the provider calls it; absent when unknown
 * @param createdAt when the person logged in
 * @param refreshedAt when the access token was last renewed; absent when it never was
 * @param fingerprint tells one access token from another and says nothing of it: the first 16 hexadecimal digits of its
 *     SHA-256
 */
public record Connection(
        ConnectionKey key,
        ConnectionState state,
        List<String> scopes,
        Optional<Instant> expiresAt,
        Optional<String> subject,
        Optional<String> account,
        Optional<String> email,
        Optional<String> plan,
        Instant createdAt,
        Optional<Instant> refreshedAt,
        String fingerprint) {

    public Connection {
        scopes = List.copyOf(scopes);
    }
}
