package io.cardea.provider.testkit;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What the server has given out: codes, tokens, and what they stand for. */
final class Grants {

    /** An authorization code. */
    record Code(Grant grant, String redirectUri, Optional<String> challenge) {}

    private final Map<String, Code> codes = new LinkedHashMap<>();
    private final Map<String, Grant> spentCodes = new LinkedHashMap<>();
    private final Map<String, Grant> accessTokens = new LinkedHashMap<>();
    private final Map<String, Grant> refreshTokens = new LinkedHashMap<>();
    private final Map<String, Grant> spentRefreshTokens = new LinkedHashMap<>();
    private final Set<Grant> all = new LinkedHashSet<>();
    private final Set<String> secrets = new LinkedHashSet<>();

    /** A text that nobody can guess, remembered as a secret. */
    synchronized String secret(String kind) {
        return remember(kind + "-" + UUID.randomUUID());
    }

    /** Remembers a secret that came from elsewhere. */
    synchronized String remember(String secret) {
        secrets.add(secret);
        return secret;
    }

    synchronized Set<String> secrets() {
        return Set.copyOf(secrets);
    }

    synchronized String code(Code code) {
        String text = secret("code");
        codes.put(text, code);
        all.add(code.grant());
        return text;
    }

    /** RFC 6749, section 4.1.2: a code that comes twice ends all that came of it. */
    synchronized Code spendCode(String text) {
        Code code = codes.remove(text);
        if (code != null) {
            spentCodes.put(text, code.grant());
            return code;
        }
        Grant before = spentCodes.get(text);
        if (before != null) {
            before.end();
            throw new Refusal("invalid_grant", "The code was used before, and its tokens are dead now.");
        }
        throw new Refusal("invalid_grant", "The code is none that was given out.");
    }

    synchronized String accessToken(Grant grant) {
        return accessToken(grant, secret("access"));
    }

    synchronized String accessToken(Grant grant, String text) {
        all.add(grant);
        accessTokens.put(remember(text), grant);
        return text;
    }

    synchronized String refreshToken(Grant grant) {
        String text = secret("refresh");
        refreshTokens.put(text, grant);
        return text;
    }

    synchronized Optional<Grant> ofAccessToken(String text) {
        return Optional.ofNullable(accessTokens.get(text)).filter(Grant::isAlive);
    }

    synchronized Optional<Grant> ofRefreshToken(String text) {
        return Optional.ofNullable(refreshTokens.get(text)).filter(Grant::isAlive);
    }

    /** RFC 9700, section 4.14.2: a refresh token that comes again after its rotation is somebody's who stole it. */
    synchronized Grant useRefreshToken(String text, boolean rotates) {
        Grant stolen = spentRefreshTokens.get(text);
        if (stolen != null) {
            stolen.end();
            throw new Refusal(
                    "invalid_grant",
                    "The refresh token was used before and has had a successor since; its tokens are dead now.");
        }
        Grant grant = ofRefreshToken(text)
                .orElseThrow(() -> new Refusal(
                        "invalid_grant", "The refresh token is none that was given out, or it has been revoked."));
        if (rotates) {
            refreshTokens.remove(text);
            spentRefreshTokens.put(text, grant);
        }
        return grant;
    }

    /** Whether there was anything to revoke; a refresh token takes its grant along (RFC 7009, section 2.1). */
    synchronized boolean revoke(String token) {
        Optional<Grant> whole = ofRefreshToken(token);
        whole.ifPresent(Grant::end);
        Optional<Grant> one = ofAccessToken(token);
        accessTokens.remove(token);
        return whole.isPresent() || one.isPresent();
    }

    synchronized void endAll() {
        all.forEach(Grant::end);
    }

    /** The one that was made last. */
    synchronized Optional<Grant> last() {
        return all.stream().reduce((earlier, later) -> later);
    }
}
