package io.cardea.core.imports;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a JWT says that another program has received, checked by nobody here: for people to read, and to know when to
 * refresh. No decision about who somebody is may rest on it.
 */
final class UnverifiedClaims {

    static final UnverifiedClaims NONE = new UnverifiedClaims(new JWTClaimsSet.Builder().build());

    private final JWTClaimsSet claims;

    private UnverifiedClaims(JWTClaimsSet claims) {
        this.claims = claims;
    }

    /** The claims of a token; none when it is no JWT. */
    static UnverifiedClaims of(String token) {
        try {
            @Nullable JWTClaimsSet claims = JWTParser.parse(token).getJWTClaimsSet();
            return claims == null ? NONE : new UnverifiedClaims(claims);
        } catch (ParseException e) {
            return NONE;
        }
    }

    /** When the token ends; absent when it does not say. */
    Optional<Instant> expiresAt() {
        return Optional.ofNullable(claims.getExpirationTime()).map(Date::toInstant);
    }

    /** A claim that is a text, or one inside of claims that are objects; absent when it is anything else. */
    Optional<String> text(String... path) {
        @Nullable Object value = claims.getClaims();
        for (String step : path) {
            value = value instanceof Map<?, ?> object ? object.get(step) : null;
        }
        return value instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    }
}
