package io.cardea.oauth.provider;

import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads tokens that are JWTs (RFC 7519), without verifying them. */
final class Jwt {

    private static final int PARTS = 3;

    private Jwt() {}

    /** What a token says; absent when it is no JWT. */
    static Optional<JsonObject> claims(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonObject.parse(Base64.getUrlDecoder().decode(parts[1])));
        } catch (IllegalArgumentException | ProviderException noJwt) {
            return Optional.empty();
        }
    }

    /** When it says that it ends, in epoch seconds; absent when it is no JWT, or does not say. Good for refreshing alone. */
    static OptionalLong expiry(String token) {
        return claims(token).map(claims -> claims.number("exp")).orElseGet(OptionalLong::empty);
    }
}
