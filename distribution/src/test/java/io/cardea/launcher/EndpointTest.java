package io.cardea.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private final InetAddress loopback = InetAddress.getLoopbackAddress();

    @Test
    void a_port_that_is_taken_is_refused_with_what_to_set() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
            Endpoint endpoint = new Endpoint(loopback, taken.getLocalPort());

            assertThatThrownBy(endpoint::requireFree)
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(endpoint.described())
                    .hasMessageContaining("CARDEA_HTTP_PORT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void an_address_that_other_machines_reach_needs_a_protected_login(String host) {
        assertThatThrownBy(() -> Endpoint.of(settings(host, "none")))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("CARDEA_HTTP_HOST=" + host)
                .hasMessageContaining("CARDEA_LOGIN_PROTECTION=key")
                .message()
                .hasLineCount(1);

        assertThat(Endpoint.of(settings(host, "key")).port()).isEqualTo(8180);
        assertThat(Endpoint.of(settings(host, "proxy")).port()).isEqualTo(8180);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
    void a_loopback_address_needs_none_and_may_have_one(String host) {
        for (String protection : new String[] {"none", "key", "proxy"}) {
            assertThat(Endpoint.of(settings(host, protection)).address().isLoopbackAddress())
                    .isTrue();
        }
    }

    private static Settings settings(String host, String protection) {
        return new Settings(
                Path.of(""),
                Map.of(
                        Setting.CARDEA_HTTP_HOST, host,
                        Setting.CARDEA_HTTP_PORT, "8180",
                        Setting.CARDEA_LOGIN_PROTECTION, protection));
    }

    @Test
    void any_free_port_will_do_for_zero() {
        assertThatCode(() -> new Endpoint(loopback, 0).requireFree()).doesNotThrowAnyException();
    }

    @Test
    void it_waits_until_the_answer_is_200() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = server(() -> requests.incrementAndGet() < 3 ? 404 : 200, "{\"a\":{\"name\":\"a\"}}");
        try {
            Endpoint endpoint = new Endpoint(loopback, server.getAddress().getPort());

            assertThat(endpoint.await200("/oauth/providers", 10_000, Optional::empty, Optional::empty))
                    .isEqualTo("{\"a\":{\"name\":\"a\"}}");
            assertThat(requests).hasValue(3);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void it_gives_up_and_tells_the_last_answer() throws IOException {
        HttpServer server = server(() -> 503, "");
        try {
            Endpoint endpoint = new Endpoint(loopback, server.getAddress().getPort());

            assertThatThrownBy(() -> endpoint.await200(
                            "/oauth/providers", 50, Optional::empty, () -> Optional.of("no bundle publishes it")))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("/oauth/providers")
                    .hasMessageContaining("503")
                    .hasMessageEndingWith("no bundle publishes it");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void the_providers_that_one_can_log_in_to_are_named_and_the_others_counted() {
        String json = """
                {"playground": {"name" : "playground", "display_name": "x", "is_available": true},
                 "acme":{"name":"acme","scopes":[],"is_available":false},
                 "github":{"name":"github","scopes":[],"is_available":true}}""";

        assertThat(Endpoint.providers(json))
                .isEqualTo("github, playground, and 1 to be configured, see /oauth/providers");
        assertThat(Endpoint.providers("{}")).isEqualTo("none yet");
    }

    @Test
    void what_comes_next_depends_on_whether_one_can_log_in_already() {
        String lacking = "\"github\":{\"name\":\"github\",\"is_available\":false}";
        String whole = "\"playground\":{\"name\":\"playground\",\"is_available\":true}";

        assertThat(Endpoint.login("{" + lacking + "," + whole + "}", "http://localhost:8180"))
                .isEqualTo("open http://localhost:8180");
        for (String json : new String[] {"{" + lacking + "}", "{}"}) {
            assertThat(Endpoint.login(json, "http://localhost:8180"))
                    .isEqualTo("not before a provider is configured: http://localhost:8180 says what each one lacks."
                            + " bin/cardea demo has one that lacks nothing");
        }
    }

    @Test
    void an_address_of_version_6_stands_in_brackets() throws IOException {
        assertThat(new Endpoint(InetAddress.getByName("::1"), 8180).described()).isEqualTo("[0:0:0:0:0:0:0:1]:8180");
    }

    private interface Status {
        int next();
    }

    private HttpServer server(Status status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        server.createContext("/oauth/providers", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            int code = status.next();
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return server;
    }
}
