package io.cardea.http;

import java.util.HashMap;
import java.util.Map;

/**
 * The endpoints by the template of their path and by method. A template's asterisk stands for one segment of a path: the
 * first one, {@code /}&#42;{@code /login}, or any after a fixed beginning, {@code /flows/}&#42;. No provider can have the
 * name of a fixed beginning.
 */
final class Routes {

    /**
     * Where a path leads.
     *
     * @param named what stands where the template has its asterisks, with the slashes between
     * @param byMethod empty when the path leads nowhere
     */
    record Route(String named, Map<String, Endpoint> byMethod) {}

    private static final Route NOWHERE = new Route("", Map.of());

    private final Map<String, Map<String, Endpoint>> byTemplate;
    /** What follows a fixed beginning, such as {@code *} for {@code flows}. */
    private final Map<String, String> asterisks = new HashMap<>();

    Routes(Map<String, Map<String, Endpoint>> byTemplate) {
        this.byTemplate = byTemplate;
        byTemplate.keySet().forEach(template -> {
            int slash = template.indexOf('/', 1);
            if (slash > 0 && !template.startsWith("/*/")) {
                asterisks.put(template.substring(1, slash), template.substring(slash + 1));
            }
        });
    }

    /** @param path begins with a slash, and is decoded: whatever a caller encoded, a slash in it divides */
    Route find(String path) {
        int slash = path.indexOf('/', 1);
        if (slash < 0) {
            return route("", path);
        }
        String first = path.substring(1, slash);
        String after = asterisks.get(first);
        if (after == null) {
            return route(first, "/*" + path.substring(slash));
        }
        String named = path.substring(slash + 1);
        return segments(named) == segments(after) ? route(named, "/" + first + "/" + after) : NOWHERE;
    }

    private Route route(String named, String template) {
        Map<String, Endpoint> byMethod = byTemplate.get(template);
        return byMethod == null ? NOWHERE : new Route(named, byMethod);
    }

    private static long segments(String path) {
        return path.chars().filter(c -> c == '/').count() + 1;
    }
}
