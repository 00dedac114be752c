package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where requests may lead whose host nobody configured; the names are of the wide world, the addresses need not be. */
class DiscoveredHostsTest {

    private static final String ISSUER = "https://as.example";

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final DaemonThreads threads = new DaemonThreads("acme");
    private final List<URI> sent = new CopyOnWriteArrayList<>();
    private final List<String> lookedUp = new CopyOnWriteArrayList<>();
    private final List<Thread> lookingUp = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        threads.stop();
    }

    /** Every server is at these addresses, and the issuer names keys.example. */
    private RestrictedContext discovered(Set<String> allowedHosts, String... addresses) {
        RestrictedContext context = new RestrictedContext(new Network(), allowedHosts, threads, host -> {
            lookedUp.add(host);
            lookingUp.add(Thread.currentThread());
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByName(addresses[i]);
            }
            if (found.length == 0) {
                throw new UnknownHostException(host);
            }
            return found;
        });
        await(context.discover(ISSUER));
        sent.clear();
        return context;
    }

    private final class Network implements ProviderContext {

        @Override
        public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
            sent.add(request.uri());
            return CompletableFuture.completedFuture(new Metadata());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }

    private static CompletionStage<HttpResponse<byte[]>> send(RestrictedContext context, String url) {
        return context.send(HttpRequest.newBuilder(URI.create(url)).build());
    }

    private ProviderException refused(RestrictedContext context, String url) {
        ProviderException failure = providerFailure(send(context, url), ProviderException.PROVIDER_ERROR);
        assertThat(sent).isEmpty();
        return failure;
    }

    @Test
    void a_host_that_only_the_metadata_names_must_not_lead_into_our_own_network() {
        for (String address : List.of("127.0.0.1", "10.1.2.3", "169.254.169.254", "fd00::1")) {
            assertThat(refused(discovered(Set.of(), address), "https://keys.example/k"))
                    .hasMessageContaining("keys.example is named by the issuer's metadata and leads to an internal");
        }
        assertThat(log.text()).contains("list it in allowed_hosts");
        refused(discovered(Set.of(), "8.8.8.8", "127.0.0.1"), "https://keys.example/k");
        refused(discovered(Set.of(), "127.0.0.1"), "https://KEYS.example/another/path");
    }

    @Test
    void one_that_leads_outside_or_nowhere_is_asked() {
        await(send(discovered(Set.of(), "8.8.8.8", "2001:4860:4860::8888"), "https://keys.example/k"));
        assertThat(sent).containsExactly(URI.create("https://keys.example/k"));
        await(send(discovered(Set.of()), "https://keys.example/k"));
        assertThat(sent).containsExactly(URI.create("https://keys.example/k"));
    }

    @Test
    void the_issuers_own_host_and_one_that_is_configured_may_be_anywhere() {
        RestrictedContext context = discovered(Set.of(), "127.0.0.1");
        await(send(context, ISSUER + "/token"));
        await(send(context, "https://configured.example/token"));
        await(send(discovered(Set.of("as.example", "keys.example"), "127.0.0.1"), "https://keys.example/k"));

        assertThat(lookedUp).isEmpty();
    }

    @Test
    void a_name_is_looked_up_on_the_providers_own_threads() {
        await(send(discovered(Set.of(), "8.8.8.8"), "https://keys.example/k"));

        assertThat(lookedUp).containsExactly("keys.example");
        assertThat(lookingUp)
                .singleElement()
                .satisfies(thread -> assertThat(thread.getName()).isEqualTo("cardea-acme"));
    }

    private record Metadata() implements HttpResponse<byte[]> {

        @Override
        public int statusCode() {
            return 200;
        }

        @Override
        public byte[] body() {
            return ("{\"issuer\":\"" + ISSUER + "\",\"token_endpoint\":\"" + ISSUER
                            + "/token\",\"jwks_uri\":\"https://keys.example/k\"}")
                    .getBytes(UTF_8);
        }

        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(Map.of(), (name, value) -> true);
        }

        @Override
        public HttpRequest request() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<HttpResponse<byte[]>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return URI.create(ISSUER);
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
