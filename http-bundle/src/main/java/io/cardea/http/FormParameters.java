package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.http.Failure.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters as {@code application/x-www-form-urlencoded}, of a query or of a body. The servlet API mixes the two, and
 * reads the body with a thread that waits; here each is read where it was sent, and only there.
 */
final class FormParameters {

    private FormParameters() {}

    /** The parameters of the query, each with all its values. */
    static Map<String, List<String>> ofQuery(HttpServletRequest request) {
        String query = request.getQueryString();
        return query == null ? Map.of() : parse(query);
    }

    /** The parameters of a body or a query, each with all its values, in the order in which they were sent. */
    static Map<String, List<String>> parse(String form) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (!pair.isEmpty()) {
                parameters.computeIfAbsent(name, unseen -> new ArrayList<>()).add(value);
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "invalid_request", "The parameters are not encoded as a form's are");
        }
    }
}
