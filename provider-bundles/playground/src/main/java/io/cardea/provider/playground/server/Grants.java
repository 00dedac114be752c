package io.cardea.provider.playground.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The codes and tokens that were handed out. Only their hashes are kept. What can be used once is remembered after its
 * use: whoever shows it again has stolen it, or was robbed of it, and the grant ends (RFC 6749, section 4.1.2; RFC 9700,
 * section 4.14.2).
 */
final class Grants {

    /** RFC 6749, section 4.1.2, allows ten minutes; a browser needs a second. */
    static final Duration CODE_LIFETIME = Duration.ofSeconds(60);
    /** From one use of the grant to the next. */
    static final Duration REFRESH_TOKEN_LIFETIME = Duration.ofDays(1);

    private static final int CAPACITY = 10_000;

    /** An authorization code's grant, with what the token request must match. */
    record Code(String redirectUri, String codeChallenge, Grant grant) {}

    /** An access token's grant, with its own scopes. */
    record AccessToken(Grant grant, List<String> scopes) {}

    private final ExpiringMap<Code> codes;
    private final ExpiringMap<AccessToken> accessTokens;
    private final ExpiringMap<Grant> refreshTokens;
    private final ExpiringMap<Grant> spent;

    Grants(InstantSource clock) {
        codes = new ExpiringMap<>(CAPACITY, clock);
        accessTokens = new ExpiringMap<>(CAPACITY, clock);
        refreshTokens = new ExpiringMap<>(CAPACITY, clock);
        spent = new ExpiringMap<>(CAPACITY, clock);
    }

    synchronized String newCode(AuthorizationRequest request, Grant grant) {
        String code = Secrets.random();
        codes.put(Secrets.hash(code), new Code(request.redirectUri(), request.codeChallenge(), grant), CODE_LIFETIME);
        return code;
    }

    /** The code, at its first use; later ones end the grant. */
    synchronized Optional<Code> spendCode(String code) {
        Optional<Code> found = codes.remove(Secrets.hash(code));
        found.ifPresentOrElse(first -> spent(code, first.grant()), () -> endGrantOf(code));
        return found.filter(first -> !first.grant().ended());
    }

    synchronized String newAccessToken(Grant grant, List<String> scopes, Duration lifetime) {
        String token = Secrets.random();
        accessTokens.put(Secrets.hash(token), new AccessToken(grant, scopes), lifetime);
        return token;
    }

    synchronized Optional<AccessToken> accessToken(String token) {
        return accessTokens
                .get(Secrets.hash(token))
                .filter(found -> !found.grant().ended());
    }

    synchronized String newRefreshToken(Grant grant) {
        String token = Secrets.random();
        refreshTokens.put(Secrets.hash(token), grant, REFRESH_TOKEN_LIFETIME);
        return token;
    }

    /** The refresh token's grant; showing a token that was used ends it. */
    synchronized Optional<Grant> refreshToken(String token) {
        Optional<Grant> found = refreshTokens.get(Secrets.hash(token));
        if (found.isEmpty()) {
            endGrantOf(token);
        }
        return found.filter(grant -> !grant.ended());
    }

    /** The same, and it was the token's only use. */
    synchronized Optional<Grant> spendRefreshToken(String token) {
        Optional<Grant> found = refreshToken(token);
        refreshTokens.remove(Secrets.hash(token));
        found.ifPresent(grant -> spent(token, grant));
        return found;
    }

    /** Remembers that this was used, with the grant that ends should it come again. */
    synchronized void spent(String secret, Grant grant) {
        spent.put(Secrets.hash(secret), grant, REFRESH_TOKEN_LIFETIME);
    }

    /** Ends the grant of something that was used before; nothing happens if it was not. */
    synchronized void endGrantOf(String secret) {
        spent.get(Secrets.hash(secret)).ifPresent(Grant::end);
    }

    /** Whose token it is: access or refresh token, used or not. */
    synchronized Optional<Grant> grantOf(String token) {
        String hash = Secrets.hash(token);
        return accessTokens
                .get(hash)
                .map(AccessToken::grant)
                .or(() -> refreshTokens.get(hash))
                .or(() -> spent.get(hash));
    }

    /** Makes a token useless: an access token alone, a refresh token with its whole grant (RFC 7009, section 2.1). */
    synchronized void revoke(String token) {
        if (accessTokens.remove(Secrets.hash(token)).isEmpty()) {
            grantOf(token).ifPresent(Grant::end);
        }
    }
}
