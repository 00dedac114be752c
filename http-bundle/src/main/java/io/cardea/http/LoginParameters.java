package io.cardea.http;

import io.cardea.http.Failure.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import org.owasp.encoder.Encode;

/**
 * What the address of a login may ask for.
 *
 * @param connection the name of the connection that is to hold the credential
 * @param scope the scopes to ask for, with spaces between
 * @param returnTo where the browser goes afterwards
 */
record LoginParameters(Optional<String> connection, Optional<String> scope, Optional<String> returnTo) {

    private static final Set<String> NAMES = Set.of("connection", "scope", "return_to");

    /**
     * Those of a request.
     *
     * @throws Refused with 400 for an unknown or repeated one: a misspelled connection must not replace the default one
     */
    static LoginParameters of(HttpServletRequest request) {
        QueryParameters query = QueryParameters.of(request, NAMES);
        return new LoginParameters(query.get("connection"), query.get("scope"), query.get("return_to"));
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
