package io.cardea.provider.testkit;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Where the server sent the browser when the person had decided (RFC 6749, section 4.1.2).
 *
 * @param location the whole address
 */
public record Redirect(String location) {

    /** A parameter of the answer: {@code code}, {@code state}, {@code iss}, {@code error}, ... */
    public Optional<String> parameter(String name) {
        Map<String, String> all = Parameters.decode(
                Optional.ofNullable(URI.create(location).getRawQuery()).orElse(""));
        return Optional.ofNullable(all.get(name));
    }

    /** The authorization code. */
    public String code() {
        return parameter("code")
                .orElseThrow(() -> new AssertionError("The server sent the browser back without a code"));
    }

    /** Without the query, which has the code in it. */
    @Override
    public String toString() {
        return "Redirect[" + location.split("\\?", 2)[0] + "]";
    }
}
