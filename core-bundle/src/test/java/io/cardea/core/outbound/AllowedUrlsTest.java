package io.cardea.core.outbound;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.oauth.provider.ProviderException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a provider may ask: anybody over https, and this machine over http. */
class AllowedUrlsTest {

    private final OutboundHttp outbound = new OutboundHttp(Optional.empty(), Duration.ofSeconds(5));

    @AfterEach
    void close() {
        outbound.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://as.example/",
                "HTTP://as.example/",
                "http://127.0.0.1.evil.example/",
                "http://localhost.evil.example/",
                "http://127.0.0.1@evil.example/",
                "http://localhost:80@evil.example/",
                "http://evil.example#@127.0.0.1/",
                "http://evil.example?@127.0.0.1/",
                "http://evil.example/127.0.0.1",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://127.1/",
                "http://0.0.0.0/",
                "http://10.0.0.1/",
                "http://192.168.0.1/",
                "http://169.254.169.254/latest/meta-data",
                "http://128.0.0.1/",
                "http://[::]/",
                "http://[fe80::1]/",
                "http://[::ffff:10.0.0.1]/",
                "http://localhost./",
                "http://local/",
                "ftp://127.0.0.1/",
                "file:///etc/passwd",
                "file://localhost/etc/passwd",
                "jar:file:/x!/y",
                "ws://127.0.0.1/",
                "http:/127.0.0.1/",
                "http:127.0.0.1",
                "//127.0.0.1/",
                "/path"
            })
    void anything_else_is_refused_before_a_connection_is_made(String url) {
        assertThat(providerFailure(outbound.send(new BareRequest(URI.create(url))), ProviderException.PROVIDER_ERROR))
                .hasMessageStartingWith("Only https, and http to this machine, may be used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "LOCALHOST"})
    void this_machine_may_be_asked_over_http(String host) throws IOException {
        try (LocalServer server = new LocalServer().answer("/", Answer.json(200, "{}"))) {
            String url = "http://" + host + ":" + server.port() + "/";

            assertThat(await(outbound.send(
                                    HttpRequest.newBuilder(URI.create(url)).build()))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void what_is_refused_is_named_without_its_path_and_query() {
        assertThat(providerFailure(
                        outbound.send(new BareRequest(URI.create("http://as.example/token?code=the-code"))),
                        ProviderException.PROVIDER_ERROR))
                .hasMessageContaining("http://as.example")
                .hasMessageNotContaining("the-code");
    }

    /** A request for any URL at all; the JDK's own builder takes web addresses only. */
    private static final class BareRequest extends HttpRequest {

        private final URI uri;

        BareRequest(URI uri) {
            this.uri = uri;
        }

        @Override
        public Optional<BodyPublisher> bodyPublisher() {
            return Optional.empty();
        }

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.empty();
        }

        @Override
        public boolean expectContinue() {
            return false;
        }

        @Override
        public URI uri() {
            return uri;
        }

        @Override
        public Optional<HttpClient.Version> version() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(Map.of(), (name, value) -> true);
        }
    }
}
