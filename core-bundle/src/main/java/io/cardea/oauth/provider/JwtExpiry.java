package io.cardea.oauth.provider;

import java.util.Base64;
import java.util.OptionalLong;

/**
 * When a token that is a JWT says that it ends (RFC 7519, section 4.1.4). Nobody has verified that: it is good for knowing
 * when to refresh, and for nothing else.
 */
final class JwtExpiry {

    private static final int PARTS = 3;

    private JwtExpiry() {}

    /** In epoch seconds; absent when it is no JWT, or does not say. */
    static OptionalLong of(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            return OptionalLong.empty();
        }
        try {
            return JsonObject.parse(Base64.getUrlDecoder().decode(parts[1])).number("exp");
        } catch (IllegalArgumentException | ProviderException noJwt) {
            return OptionalLong.empty();
        }
    }
}
