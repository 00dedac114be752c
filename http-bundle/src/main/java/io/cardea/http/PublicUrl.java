package io.cardea.http;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.PublicAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;

/**
 * How browsers reach this server: {@code CARDEA_PUBLIC_URL}, or localhost with the port that HTTP listens on. Never what
 * a request's Host or Forwarded header says, for those are anybody's to write.
 */
@Component(service = {PublicUrl.class, PublicAddress.class})
public final class PublicUrl implements PublicAddress {

    private final URI url;
    private final String publicHost;
    private final Set<String> loopbackNames;
    private final Set<String> hosts;
    private final Set<String> origins;

    @Activate
    public PublicUrl(
            BundleContext context, @Reference(service = HttpServiceRuntime.class) Map<String, Object> runtime) {
        this(Optional.ofNullable(context.getProperty("CARDEA_PUBLIC_URL")), port(runtime));
    }

    PublicUrl(Optional<String> configured, int port) {
        String text = configured.filter(value -> !value.isBlank()).orElse("http://localhost:" + port);
        this.url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (url.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw new IllegalArgumentException("CARDEA_PUBLIC_URL must be a URL such as https://host, not " + text);
        }
        // As a browser writes it: without the port that goes without saying.
        int usual = isSecure() ? 443 : 80;
        this.publicHost = (url.getPort() == usual ? url.getHost() : url.getRawAuthority()).toLowerCase(Locale.ROOT);
        Set<String> known = new HashSet<>();
        for (String loopback : List.of("localhost", "127.0.0.1", "[::1]")) {
            known.add(loopback + ":" + port);
            if (port == 80) {
                known.add(loopback);
            }
        }
        Set<String> web = new HashSet<>();
        known.forEach(host -> web.add("http://" + host));
        this.loopbackNames = Set.copyOf(known);
        known.add(publicHost);
        web.add((isSecure() ? "https" : "http") + "://" + publicHost);
        this.hosts = Set.copyOf(known);
        this.origins = Set.copyOf(web);
    }

    /** Not what was configured: that may be 0, for any free port. */
    private static int port(Map<String, Object> runtime) {
        if (runtime.get(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT) instanceof String[] endpoints) {
            for (String endpoint : endpoints) {
                if (endpoint.startsWith("http")) {
                    URI uri = URI.create(endpoint);
                    return uri.getPort() < 0 ? 80 : uri.getPort();
                }
            }
        }
        // Felix names no endpoint when it listens on every address of a machine that has only the loopback one.
        return Integer.parseInt(String.valueOf(runtime.get("org.osgi.service.http.port")));
    }

    @Override
    public String url() {
        return url.toString();
    }

    /** Where the provider sends the browser back to. */
    String redirectUri(String provider) {
        return url + "/oauth/" + provider + "/callback";
    }

    /** Where a person logs in for a connection. */
    String login(ConnectionKey key) {
        // Neither name has a character that means anything in a URL.
        String query =
                key.connection().equals(ConnectionKey.DEFAULT_CONNECTION) ? "" : "?connection=" + key.connection();
        return url + "/oauth/" + key.provider() + "/login" + query;
    }

    /** A path of this server, as a URL for browsers. */
    String at(String path) {
        return url + path;
    }

    /**
     * Whether a browser came by another name of this machine than the public one, say 127.0.0.1 for localhost. Never so
     * behind a proxy, which may write what it likes into the header.
     */
    boolean isOtherName(@Nullable String host) {
        return loopbackNames.contains(publicHost) && !publicHost.equalsIgnoreCase(host);
    }

    /** The path below which browsers see this server; empty at the root. */
    String path() {
        return url.getRawPath();
    }

    boolean isSecure() {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** Whether a Host header names this server. */
    boolean isHost(String host) {
        return hosts.contains(host) || hosts.contains(host.toLowerCase(Locale.ROOT));
    }

    /** Whether an Origin header names this server. */
    boolean isOrigin(String origin) {
        return origins.contains(origin) || origins.contains(origin.toLowerCase(Locale.ROOT));
    }
}
