package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Base64;
import java.util.Optional;

/** The API key that a request shows in its Authorization header; whether it is a good one, core knows. */
final class ShownKey {

    private ShownKey() {}

    /** As a program shows it (RFC 6750, section 2.1). */
    static Optional<String> bearer(HttpServletRequest request) {
        return credentials(request, "Bearer ");
    }

    /** As a browser shows it that has asked its user: the password, whatever the user's name (RFC 7617, section 2). */
    static Optional<String> password(HttpServletRequest request) {
        return credentials(request, "Basic ")
                .flatMap(ShownKey::decoded)
                .filter(pair -> pair.indexOf(':') >= 0)
                .map(pair -> pair.substring(pair.indexOf(':') + 1));
    }

    private static Optional<String> credentials(HttpServletRequest request, String scheme) {
        // The scheme's case does not matter (RFC 9110, section 11.1).
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(header -> header.regionMatches(true, 0, scheme, 0, scheme.length()))
                .map(header -> header.substring(scheme.length()).trim());
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
