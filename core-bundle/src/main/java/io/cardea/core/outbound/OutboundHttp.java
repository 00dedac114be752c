package io.cardea.core.outbound;

import io.cardea.core.thread.DaemonThreads;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP client for all providers. No redirect is followed, no answer may be large or late, no thread waits. The
 * client is made when it is first needed, for that takes a while.
 */
@Component(service = OutboundHttp.class)
public final class OutboundHttp implements ProviderContext {

    private static final Logger LOG = LoggerFactory.getLogger(OutboundHttp.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ANSWER = 1024 * 1024;

    private final Optional<String> trustedCertificates;
    private final Duration exchangeTimeout;
    private final DaemonThreads threads = new DaemonThreads("outbound");
    private volatile Optional<HttpClient> client = Optional.empty();

    @Activate
    public OutboundHttp(BundleContext context) {
        this(Optional.ofNullable(context.getProperty("CARDEA_CA_FILE")), EXCHANGE_TIMEOUT);
    }

    OutboundHttp(Optional<String> trustedCertificates, Duration exchangeTimeout) {
        this.trustedCertificates = trustedCertificates.filter(file -> !file.isBlank());
        this.exchangeTimeout = exchangeTimeout;
    }

    /** One outside of any OSGi framework, for the tests of providers; its answers may be no later than this. */
    public static OutboundHttp standingAlone(Duration exchangeTimeout) {
        return new OutboundHttp(Optional.empty(), exchangeTimeout);
    }

    @Deactivate
    void stop() {
        threads.stop();
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
        if (!allowed(request.uri())) {
            return CompletableFuture.failedFuture(new OutboundException(
                    ProviderException.PROVIDER_ERROR,
                    "Only https, and http to this machine, may be used, not "
                            + request.uri().getScheme() + "://" + request.uri().getHost()));
        }
        HttpClient http;
        try {
            http = client();
        } catch (IllegalStateException e) {
            LOG.error("Nobody can be asked: {}", e.getMessage(), e);
            return CompletableFuture.failedFuture(new OutboundException(
                    ProviderException.PROVIDER_ERROR, "CARDEA_CA_FILE cannot be used; the log has the details"));
        }
        CompletableFuture<HttpResponse<byte[]>> exchange;
        try {
            exchange = http.sendAsync(request, answer -> new LimitedBody(MAX_ANSWER));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(failure(request, e));
        }
        // The client's own timeout ends with the headers; this one covers the body too.
        return exchange.copy()
                .orTimeout(exchangeTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, thrown) -> {
                    if (thrown == null) {
                        // Whoever asked tells what is news: a device login gets many such answers before a good one.
                        LOG.debug("{} answered {}", server(request.uri()), response.statusCode());
                        return response;
                    }
                    exchange.cancel(true);
                    throw failure(request, thrown);
                });
    }

    private ProviderException failure(HttpRequest request, Throwable thrown) {
        Throwable cause = Failures.cause(thrown);
        String server = server(request.uri());
        if (cause instanceof ProviderException already) {
            return already;
        }
        LOG.info("No answer from {} ({})", server, cause.getClass().getSimpleName());
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return new OutboundException(
                    ProviderException.UNREACHABLE,
                    server + " could not be reached"
                            + (cause.getCause() instanceof UnresolvedAddressException ? ": there is no such host" : "")
                            + ". Check its address in the provider's configuration, or try again later",
                    cause);
        }
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return new OutboundException(ProviderException.PROVIDER_TIMEOUT, server + " did not answer in time");
        }
        String why = cause instanceof SSLException
                ? " could not be reached safely: its certificate is not trusted, or it does not speak TLS."
                        + " CARDEA_CA_FILE may name further authorities"
                : " could not be reached";
        return new OutboundException(
                cause instanceof SSLHandshakeException
                        ? ProviderException.UNREACHABLE
                        : ProviderException.PROVIDER_ERROR,
                server + why,
                cause);
    }

    /** Whom a request goes to; a path may hold what nobody else is to read. */
    private static String server(URI url) {
        int usual = "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
        return url.getHost() + ":" + (url.getPort() < 0 ? usual : url.getPort());
    }

    private static boolean allowed(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        return url.getHost() != null
                && (scheme.equals("https") || (scheme.equals("http") && Hosts.isLoopback(url.getHost())));
    }

    private HttpClient client() {
        Optional<HttpClient> made = client;
        if (made.isEmpty()) {
            synchronized (this) {
                made = client;
                if (made.isEmpty()) {
                    made = Optional.of(make());
                    client = made;
                }
            }
        }
        return made.get();
    }

    private HttpClient make() {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                // With HTTP/2 all exchanges with a server share one connection, and one that stalls would hold up the
                // rest.
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads);
        trustedCertificates.ifPresent(file -> builder.sslContext(TrustedCertificates.withJdks(file)));
        return builder.build();
    }
}
