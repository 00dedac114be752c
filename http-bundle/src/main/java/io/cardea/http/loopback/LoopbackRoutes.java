package io.cardea.http.loopback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which path of a port leads where and how long, and what is answered there. */
final class LoopbackRoutes {

    // Visible ASCII alone: what is sent on in a header cannot end that header.
    private static final Pattern REQUEST = Pattern.compile("GET (/[!-~&&[^?]]*)\\?([!-~]+) HTTP/1\\.[01]");

    private final Set<String> hosts;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();

    /** @param end when it is over, by {@link System#nanoTime()} */
    private record Route(String callbackUrl, long end) {

        boolean isOver() {
            return end - System.nanoTime() < 0;
        }

        long later(long other) {
            return other - end > 0 ? other : end;
        }
    }

    LoopbackRoutes(int port) {
        String suffix = port == 80 ? "" : ":" + port;
        this.hosts = Set.of("localhost" + suffix, "127.0.0.1" + suffix, "[::1]" + suffix);
    }

    /** Adds a route, or makes it last longer; false when the path leads elsewhere now. */
    boolean add(String path, String callbackUrl, Duration lifetime) {
        long end = System.nanoTime() + lifetime.toNanos();
        Route route = routes.merge(
                path,
                new Route(callbackUrl, end),
                (known, added) -> known.isOver()
                        ? added
                        : known.callbackUrl().equals(callbackUrl) ? new Route(callbackUrl, known.later(end)) : known);
        return route.callbackUrl().equals(callbackUrl);
    }

    /** Whether nobody is waited for any more. */
    boolean areOver() {
        return routes.values().stream().allMatch(Route::isOver);
    }

    /** The answer to a request, of which there is the head: all but the empty line at its end. */
    byte[] answer(String head) {
        String[] lines = head.split("\r\n", -1);
        if (!hasKnownHost(lines)) {
            return refusal("421 Misdirected Request", "This server is not known by that Host.");
        }
        Matcher request = REQUEST.matcher(lines[0]);
        Route route = request.matches() ? routes.get(request.group(1)) : null;
        return route == null || route.isOver()
                ? refusal("404 Not Found", "No login waits here.")
                : answer("302 Found", "Location: " + route.callbackUrl() + "?" + request.group(2) + "\r\n", "");
    }

    /** Exactly one Host header, and one of ours: else it is a page that a rebound name has made a browser send here. */
    private boolean hasKnownHost(String[] lines) {
        int known = 0;
        for (int line = 1; line < lines.length; line++) {
            int colon = lines[line].indexOf(':');
            if (colon > 0 && lines[line].substring(0, colon).equalsIgnoreCase("Host")) {
                String host = lines[line].substring(colon + 1).trim().toLowerCase(Locale.ROOT);
                known += hosts.contains(host) ? 1 : 2;
            }
        }
        return known == 1;
    }

    static byte[] refusal(String status, String text) {
        return answer(status, "", text + "\n");
    }

    private static byte[] answer(String status, String header, String text) {
        return ("HTTP/1.1 " + status + "\r\n" + header
                        + "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
                        + "Content-Type: text/plain;charset=utf-8\r\nContent-Length: " + text.length()
                        + "\r\nConnection: close\r\n\r\n" + text)
                .getBytes(ISO_8859_1);
    }
}
