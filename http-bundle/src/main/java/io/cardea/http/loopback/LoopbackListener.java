package io.cardea.http.loopback;

import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands where a service insists on sending browsers to, such as {@code http://localhost:1455/auth/callback}, and sends
 * them on to Cardea's own callback (RFC 8252, section 7.3). It listens while a login waits, and no longer.
 */
@Component(service = LoopbackListener.class)
public final class LoopbackListener {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackListener.class);
    private static final int MAX_PORTS = 16;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Map<Integer, LoopbackPort> ports = new TreeMap<>();
    private final WaitingLogins waiting;
    private boolean closed;

    /** Listens again for the logins that waited when the bundle was updated. */
    @Activate
    public LoopbackListener(BundleContext context) {
        this(new WaitingLogins(
                Optional.ofNullable(context.getDataFile("waiting-logins")).map(File::toPath)));
    }

    /** One that knows of no login yet. */
    public LoopbackListener() {
        this(new WaitingLogins(Optional.empty()));
    }

    LoopbackListener(WaitingLogins waiting) {
        this.waiting = waiting;
        waiting.forEach((redirectUri, login) -> {
            try {
                listen(redirectUri, login.callbackUrl(), Duration.between(Instant.now(), login.end()));
            } catch (OAuthException e) {
                LOG.warn("A login that waited at {} cannot end there: {}", redirectUri, e.getMessage());
            }
        });
    }

    /** Whether a redirect URI is one that this class can listen at: plain http, with a port, on the loopback address. */
    public static boolean isFor(URI redirectUri) {
        return "http".equalsIgnoreCase(redirectUri.getScheme())
                && redirectUri.getHost() != null
                && LOOPBACK.contains(redirectUri.getHost().toLowerCase(Locale.ROOT))
                && redirectUri.getPort() > 0;
    }

    /**
     * Listens at a redirect URI for a login that begins now. Logins that share one listen together, until the last of
     * them is over.
     *
     * @param redirectUri one that {@link #isFor} accepts
     * @param callbackUrl where browsers are sent on to, with the query that they bring
     * @param lifetime how long the login lives
     * @throws OAuthException with {@link OAuthError#PROVIDER_UNAVAILABLE} when nobody can listen there now
     */
    public void open(URI redirectUri, String callbackUrl, Duration lifetime) {
        if (!isFor(redirectUri)) {
            throw new IllegalArgumentException("No redirect URI on the loopback address");
        }
        listen(redirectUri, callbackUrl, lifetime);
        waiting.add(redirectUri, callbackUrl, Instant.now().plus(lifetime));
    }

    private synchronized void listen(URI redirectUri, String callbackUrl, Duration lifetime) {
        if (closed) {
            throw unavailable("Cardea is stopping", Optional.empty());
        }
        ports.values().removeIf(port -> !port.isOpen());
        int number = redirectUri.getPort();
        LoopbackPort port = ports.get(number);
        if (port == null) {
            port = listen(number);
            ports.put(number, port);
        }
        String path = redirectUri.getRawPath().isEmpty() ? "/" : redirectUri.getRawPath();
        if (!port.routes().add(path, callbackUrl, lifetime)) {
            throw unavailable(
                    "A login to another provider waits at " + redirectUri
                            + "; finish it first, or try again in some minutes",
                    Optional.empty());
        }
    }

    private LoopbackPort listen(int number) {
        if (ports.size() >= MAX_PORTS) {
            throw unavailable(
                    "Logins wait at " + MAX_PORTS + " ports of this machine already; try again in some minutes",
                    Optional.empty());
        }
        try {
            return LoopbackPort.listen(number, this::retire);
        } catch (IOException e) {
            throw unavailable(
                    "The provider sends browsers back to port " + number
                            + " of this machine, where Cardea cannot listen (" + e.getMessage()
                            + "); end the program that uses this port, and log in again",
                    Optional.of(e));
        }
    }

    /** Lets go of a port that has nothing left to wait for, before another login can ask for the same. */
    private synchronized void retire(LoopbackPort port) {
        if (port.routes().areOver()) {
            ports.values().remove(port);
            port.release();
        }
    }

    /** Stops listening everywhere. */
    @Deactivate
    public void close() {
        List<LoopbackPort> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(ports.values());
            ports.clear();
        }
        open.forEach(LoopbackPort::close);
    }

    private static OAuthException unavailable(String why, Optional<IOException> cause) {
        OAuthException failure = new OAuthException(OAuthError.PROVIDER_UNAVAILABLE, Optional.empty(), why);
        cause.ifPresent(failure::initCause);
        return failure;
    }
}
