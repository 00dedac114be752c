package io.cardea.http;

import io.cardea.http.Failure.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.owasp.encoder.Encode;

/**
 * What the address of a login may ask for.
 *
 * @param connection the name of the connection that is to hold the credential
 * @param scope the scopes to ask for, with spaces between
 * @param returnTo where the browser goes afterwards
 */
record LoginParameters(Optional<String> connection, Optional<String> scope, Optional<String> returnTo) {

    /** Those of a request; what is empty counts as absent, and what is repeated is refused. */
    static LoginParameters of(HttpServletRequest request) {
        Map<String, List<String>> query = FormParameters.ofQuery(request);
        return new LoginParameters(single(query, "connection"), single(query, "scope"), single(query, "return_to"));
    }

    private static Optional<String> single(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new Refused(400, "invalid_request", "The parameter " + name + " is repeated");
        }
        return values.stream()
                .map(String::trim)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** The same as a query, with its question mark; empty when nothing is asked for. */
    String query() {
        StringBuilder query = new StringBuilder();
        append(query, "connection", connection);
        append(query, "scope", scope);
        append(query, "return_to", returnTo);
        return query.toString();
    }

    private static void append(StringBuilder query, String name, Optional<String> value) {
        value.ifPresent(text -> query.append(query.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(Encode.forUriComponent(text)));
    }
}
