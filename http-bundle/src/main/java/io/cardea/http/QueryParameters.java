package io.cardea.http;

import io.cardea.http.Failure.Refused;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What somebody asks for in a query, read as strictly as {@link JsonBody} reads a body. */
final class QueryParameters {

    private final Map<String, String> values;

    private QueryParameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * The query's parameters; what is empty counts as absent.
     *
     * @param known the names that there may be
     * @throws Refused with 400 for an unknown or repeated one
     */
    static QueryParameters of(HttpServletRequest request, Set<String> known) {
        Map<String, List<String>> query = FormParameters.ofQuery(request);
        if (query.isEmpty()) {
            return new QueryParameters(Map.of());
        }
        Map<String, String> values = new HashMap<>();
        query.forEach((name, all) -> {
            if (!known.contains(name)) {
                throw refused(
                        known.isEmpty()
                                ? "This path takes no parameters"
                                : "Known parameters are " + String.join(", ", new TreeSet<>(known)));
            }
            if (all.size() > 1) {
                throw refused("The parameter " + name + " is repeated");
            }
            values.put(name, all.get(0).trim());
        });
        return new QueryParameters(values);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * A whole number.
     *
     * @throws Refused with 400 for what is none, or not within the bounds
     */
    Optional<Long> number(String name, long least, long most) {
        return get(name).map(text -> {
            try {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw notWithin(name, least, most);
            }
            throw notWithin(name, least, most);
        });
    }

    private static Refused notWithin(String name, long least, long most) {
        return refused(name + " must be a whole number from " + least + " to " + most);
    }

    private static Refused refused(String why) {
        return new Refused(400, "invalid_request", why);
    }
}
