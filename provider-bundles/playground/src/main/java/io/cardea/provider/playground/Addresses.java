package io.cardea.provider.playground;

import io.cardea.provider.playground.server.Endpoints;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Where the playground is.
 *
 * @param publicUrl Cardea's address for browsers, without a slash at its end; it has a path where a proxy adds one
 * @param directUrl the same for Cardea itself, which need not take the way round by a proxy
 */
public record Addresses(String publicUrl, String directUrl) {

    private static final String PATH = "/playground";
    private static final Set<String> ANY = Set.of("", "0.0.0.0", "::", "[::]");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    /**
     * Finds out.
     *
     * @param runtime the service properties of the HTTP runtime
     * @param framework gives the value of a framework property
     */
    static Addresses of(Map<String, ?> runtime, Function<String, Optional<String>> framework) {
        int port = port(runtime);
        String publicUrl = framework
                .apply("CARDEA_PUBLIC_URL")
                .filter(url -> !url.isBlank())
                .map(url -> url.trim().replaceAll("/+$", ""))
                .orElse("http://localhost:" + port);
        String host = framework.apply("org.apache.felix.http.host").orElse("").trim();
        if (ANY.contains(host)) {
            host = "127.0.0.1";
        }
        String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return new Addresses(publicUrl, LOOPBACK.contains(host) ? "http://" + literal + ":" + port : publicUrl);
    }

    /** Not from the configuration: there it may be 0, which means any free port. */
    private static int port(Map<String, ?> runtime) {
        if (runtime.get("osgi.http.endpoint") instanceof String[] endpoints) {
            for (String endpoint : endpoints) {
                if (endpoint.startsWith("http://")) {
                    int port = URI.create(endpoint).getPort();
                    return port < 0 ? 80 : port;
                }
            }
        }
        // Felix names no endpoint when it listens on every address of a machine that has only the loopback one.
        return Integer.parseInt(String.valueOf(runtime.get("org.osgi.service.http.port")));
    }

    /** The endpoints for browsers; the base is the issuer. */
    Endpoints forBrowsers() {
        return new Endpoints(publicUrl + PATH);
    }

    /** The endpoints for Cardea's own requests. */
    Endpoints forCardea() {
        return new Endpoints(directUrl + PATH);
    }

    /** Where Cardea wants people to come back to after a login. */
    String redirectUri() {
        return publicUrl + "/oauth" + PATH + "/callback";
    }

    boolean https() {
        return publicUrl.startsWith("https://");
    }

    /** Why nobody can log in by these addresses, as a sentence. */
    Optional<String> problem() {
        boolean local = LOOPBACK.contains(String.valueOf(URI.create(publicUrl).getHost()));
        return local || https()
                ? Optional.empty()
                : Optional.of("The playground works at https or on this machine alone, not at " + publicUrl);
    }
}
