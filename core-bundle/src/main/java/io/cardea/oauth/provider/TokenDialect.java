package io.cardea.oauth.provider;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a server's token endpoint departs from RFC 6749, sections 4.1.3 and 5.1: other headers, another kind of body, other
 * names in the answer, another way to tell when a token ends.
 */
final class TokenDialect {

    private static final Set<String> FIELDS =
            Set.of("access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope", "error");
    // RFC 6749, sections 4.1.2.1 and 5.2, and RFC 8628, section 3.5.
    private static final List<String> ERRORS = List.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope",
            "temporarily_unavailable",
            "authorization_pending",
            "slow_down",
            "access_denied",
            "expired_token");
    // A lifetime that no server means; larger ones would overflow the clock.
    private static final long MAX_LIFETIME = Duration.ofDays(3650).toSeconds();

    private final boolean json;
    private final Map<String, String> headers;
    private final Map<String, String> fields;
    private final Map<String, String> errors = new HashMap<>();
    private final String expiresUnit;
    private final Optional<Duration> defaultLifetime;

    TokenDialect(Settings settings) {
        json = settings.oneOf("token_body", "form", List.of("form", "json")).equals("json");
        headers = settings.below("token_header.");
        fields = settings.below("token_field.");
        expiresUnit = settings.oneOf(
                "expires_unit", "seconds", List.of("seconds", "milliseconds", "epoch_seconds", "epoch_milliseconds"));
        defaultLifetime = settings.seconds("default_lifetime");
        headers.forEach((name, value) -> {
            try {
                HttpRequest.newBuilder().header(name, value);
            } catch (IllegalArgumentException e) {
                throw settings.refused("token_header." + name + " is no header that can be sent");
            }
        });
        fields.forEach((name, pointer) -> {
            if (!FIELDS.contains(name)) {
                throw settings.refused("unknown key token_field." + name + "; known are " + String.join(", ", FIELDS));
            }
            if (!pointer.startsWith("/")) {
                throw settings.refused("token_field." + name + " must be a JSON pointer such as /data/" + name);
            }
        });
        settings.below("token_error.").forEach((name, theirs) -> {
            if (!ERRORS.contains(name)) {
                throw settings.refused("unknown key token_error." + name + "; known are " + String.join(", ", ERRORS));
            }
            Settings.words(theirs).forEach(one -> errors.put(one, name));
        });
    }

    /** Whether requests are JSON rather than a form. */
    boolean json() {
        return json;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** Where a field of RFC 6749 stands in this server's answers. */
    String field(String name) {
        return fields.getOrDefault(name, name);
    }

    /** What the RFCs call an error of this server's. */
    String error(String theirs) {
        return errors.getOrDefault(theirs, theirs);
    }

    /** When an access token ends; absent when nobody knows. */
    Optional<Instant> expiresAt(JsonObject answer, Instant now) {
        String field = field("expires_in");
        // A lifetime that nobody can read must not make a token immortal.
        return answer.text(field)
                .map(any -> ending(answer.number(field).orElse(0), now))
                .or(() -> defaultLifetime.map(now::plus))
                .or(() -> answer.text(field("access_token")).flatMap(token -> ownEnd(token, now)));
    }

    private static Optional<Instant> ownEnd(String accessToken, Instant now) {
        OptionalLong end = Jwt.expiry(accessToken);
        return end.isPresent()
                ? Optional.of(now.plusSeconds(bounded(Math.max(0, end.getAsLong()) - now.getEpochSecond())))
                : Optional.empty();
    }

    private Instant ending(long said, Instant now) {
        // Less would overflow below, and come out as eternity.
        long number = Math.max(0, said);
        long seconds = switch (expiresUnit) {
            case "milliseconds" -> number / 1000;
            case "epoch_seconds" -> number - now.getEpochSecond();
            case "epoch_milliseconds" -> number / 1000 - now.getEpochSecond();
            default -> number;
        };
        return now.plusSeconds(bounded(seconds));
    }

    static long bounded(long seconds) {
        return Math.max(0, Math.min(seconds, MAX_LIFETIME));
    }
}
