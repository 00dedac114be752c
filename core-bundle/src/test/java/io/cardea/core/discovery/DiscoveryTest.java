package io.cardea.core.discovery;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of an issuer's metadata, and for how long; the servers have names of the wide world. */
class DiscoveryTest {

    private static final String ISSUER = "https://as.example";

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final AdjustableClock clock = new AdjustableClock();
    private final List<URI> asked = new ArrayList<>();
    private Function<URI, CompletionStage<HttpResponse<byte[]>>> server =
            url -> answer(200, document(ISSUER, "x", "y"));
    private Discovery discovery = discovery(Set.of());

    private Discovery discovery(Set<String> allowedHosts) {
        return new Discovery(allowedHosts, this::send, clock);
    }

    private CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
        asked.add(request.uri());
        return server.apply(request.uri());
    }

    private static String document(String issuer, String name, String value) {
        return "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"" + ISSUER
                + "/authorize\",\"token_endpoint\":\"" + ISSUER + "/token\",\"" + name + "\":\"" + value + "\"}";
    }

    private static CompletionStage<HttpResponse<byte[]>> answer(int status, String body) {
        return CompletableFuture.completedFuture(new Response(status, body.getBytes(UTF_8)));
    }

    private void answering(int status, String body) {
        server = url -> answer(status, body);
    }

    private ProviderException failure() {
        return providerFailure(discovery.discover(ISSUER), ProviderException.PROVIDER_ERROR);
    }

    @Test
    void what_an_issuer_says_of_itself_is_read() {
        answering(
                200,
                "{\"issuer\":\"https://as.example\",\"authorization_endpoint\":\"https://as.example/a?b=c\","
                        + "\"token_endpoint\":\"https://api.example/t\",\"revocation_endpoint\":\"https://as.example/r\","
                        + "\"userinfo_endpoint\":\"https://as.example/u\","
                        + "\"device_authorization_endpoint\":\"https://as.example/d\","
                        + "\"jwks_uri\":\"https://keys.example/k\",\"scopes_supported\":[\"openid\"],"
                        + "\"authorization_response_iss_parameter_supported\":true}");

        assertThat(await(discovery.discover(ISSUER)))
                .isEqualTo(new ServerMetadata(
                        Optional.of(ISSUER),
                        Optional.of(URI.create("https://as.example/a?b=c")),
                        Optional.of(URI.create("https://api.example/t")),
                        Optional.of(URI.create("https://as.example/r")),
                        Optional.of(URI.create("https://as.example/u")),
                        Optional.of(URI.create("https://as.example/d")),
                        Optional.of(URI.create("https://keys.example/k")),
                        true));
    }

    @ParameterizedTest
    @CsvSource({
        "https://as.example,https://as.example/.well-known/openid-configuration",
        "https://as.example/,https://as.example/.well-known/openid-configuration",
        "https://as.example/tenant,https://as.example/tenant/.well-known/openid-configuration",
        "https://as.example:8443/a/b/,https://as.example:8443/a/b/.well-known/openid-configuration"
    })
    void it_is_asked_for_where_openid_connect_wants_it(String issuer, String url) {
        answering(200, document(issuer, "x", "y"));
        await(discovery.discover(issuer));

        assertThat(asked).containsExactly(URI.create(url));
    }

    @Test
    void where_there_is_none_it_is_asked_for_where_oauth_wants_it() {
        String issuer = "https://as.example/tenant/";
        server = url ->
                url.getPath().startsWith("/.well-known/") ? answer(200, document(issuer, "x", "y")) : answer(404, "");
        await(discovery.discover(issuer));

        assertThat(asked)
                .containsExactly(
                        URI.create("https://as.example/tenant/.well-known/openid-configuration"),
                        URI.create("https://as.example/.well-known/oauth-authorization-server/tenant"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "as.example",
                "/path",
                "https:",
                "https:///x",
                "ftp://as.example",
                "https://a b",
                "mailto:a@b"
            })
    void what_is_no_url_has_no_metadata(String issuer) {
        providerFailure(discovery.discover(issuer), ProviderException.PROVIDER_ERROR);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://as.example/",
                "https://AS.example",
                "https://as.example:443",
                "http://as.example",
                "https://as.example.evil.example",
                " https://as.example",
                ""
            })
    void another_issuer_is_refused(String issuer) {
        answering(200, document(issuer, "x", "y"));

        assertThat(failure()).hasMessageContaining("another issuer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>Not found</html>",
                "{\"issuer\":\"https://as.example\"",
                "{\"issuer\":\"https://evil.example\",\"issuer\":\"https://as.example\"}",
                "{\"issuer\":[\"https://as.example\"]}",
                "{\"issuer\":\"https://as.example\",\"x\":[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]}"
            })
    void what_is_no_metadata_is_refused(String body) {
        answering(200, body);

        failure();
    }

    @Test
    void an_issuer_is_told_by_its_host_alone() {
        String issuer = "https://user:pass@as.example:8443/tenant?x=y";
        answering(500, document(issuer, "x", "y"));

        assertThat(providerFailure(discovery.discover(issuer), ProviderException.PROVIDER_ERROR))
                .hasMessage(
                        "When https://as.example:8443 was asked for its metadata, it answered with HTTP status 500");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 301, 307, 401, 500})
    void another_status_than_200_is_no_answer(int status) {
        answering(status, document(ISSUER, "x", "y"));

        assertThat(failure()).hasMessageContaining("HTTP status " + status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://as.example/token",
                "http://api.example/token",
                "https://10.0.0.1/token",
                "https://10.1/token",
                "https://127.0.0.1/token",
                "https://127.1/token",
                "https://2130706433/token",
                "https://0x7f.1/token",
                "https://0177.0.0.1/token",
                "https://192.168.0.1./token",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/token",
                "https://[::ffff:10.0.0.1]/token",
                "https://[fd00::1]/token",
                "http://127.0.0.1/token",
                "http://localhost:8180/token",
                "https://localhost/token",
                "https://intranet/token",
                "https://metadata.internal/token",
                "https://as.example@evil.example/token",
                "https://evil.example\\\\@as.example/token",
                "https://as.example/token#part",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "/token",
                "//as.example/token",
                "https:token",
                "not a url"
            })
    void an_endpoint_that_secrets_must_not_be_sent_to_is_refused(String url) {
        for (String name : new String[] {"jwks_uri", "userinfo_endpoint", "device_authorization_endpoint"}) {
            discovery = discovery(Set.of());
            answering(200, document(ISSUER, name, url));
            assertThat(failure()).hasMessageContaining("names a " + name + " that must not be used");
        }
    }

    @Test
    void an_endpoint_on_the_issuers_own_host_is_used_though_it_is_private() {
        String issuer = "https://10.0.0.1/realm";
        answering(200, document(issuer, "jwks_uri", "https://10.0.0.1:8443/keys"));
        assertThat(await(discovery.discover(issuer)).jwksUri()).hasValue(URI.create("https://10.0.0.1:8443/keys"));

        answering(200, document("https://10.0.0.2", "jwks_uri", "https://10.0.0.1/keys"));
        providerFailure(discovery.discover("https://10.0.0.2"), ProviderException.PROVIDER_ERROR);
    }

    @Test
    void an_endpoint_is_used_on_the_hosts_that_are_allowed_and_on_no_other() {
        discovery = discovery(Set.of("as.example", "*.api.example"));
        answering(200, document(ISSUER, "jwks_uri", "https://eu.api.example/keys"));
        await(discovery.discover(ISSUER));

        discovery = discovery(Set.of("as.example", "*.api.example"));
        answering(200, document(ISSUER, "jwks_uri", "https://api.example/keys"));
        failure();
    }

    @Test
    void an_allowed_host_is_not_thereby_allowed_to_be_private() {
        discovery = discovery(Set.of("as.example", "10.0.0.1"));
        answering(200, document(ISSUER, "jwks_uri", "https://10.0.0.1/keys"));

        failure();
    }

    @Test
    void it_is_believed_for_an_hour() {
        ServerMetadata first = await(discovery.discover(ISSUER));
        answering(200, document(ISSUER, "jwks_uri", ISSUER + "/new"));
        clock.pass(Duration.ofMinutes(59));
        assertThat(await(discovery.discover(ISSUER))).isEqualTo(first);
        assertThat(asked).hasSize(1);

        clock.pass(Duration.ofMinutes(1));
        assertThat(await(discovery.discover(ISSUER)).jwksUri()).hasValue(URI.create(ISSUER + "/new"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void in_doubt_the_last_that_was_good_is_used_on_and_a_minute_later_the_server_is_asked_again() {
        ServerMetadata good = await(discovery.discover(ISSUER));
        clock.pass(Duration.ofHours(1));
        for (String doubt : new String[] {document("https://evil.example", "x", "y"), "<html>", ""}) {
            answering(200, doubt);
            assertThat(await(discovery.discover(ISSUER))).isEqualTo(good);
            assertThat(await(discovery.discover(ISSUER))).isEqualTo(good);
            clock.pass(Duration.ofMinutes(1));
        }
        assertThat(asked).hasSize(4);
        assertThat(log.text()).contains("names another issuer", "; what was known before is used on");

        answering(200, document(ISSUER, "jwks_uri", ISSUER + "/new"));
        assertThat(await(discovery.discover(ISSUER)).jwksUri()).isPresent();
    }

    @Test
    void what_was_good_for_one_issuer_is_not_used_for_another() {
        await(discovery.discover(ISSUER));
        answering(503, "");

        providerFailure(discovery.discover("https://other.example"), ProviderException.PROVIDER_ERROR);
    }

    @Test
    void many_who_ask_at_once_ask_once() {
        CompletableFuture<HttpResponse<byte[]>> late = new CompletableFuture<>();
        server = url -> late;
        List<CompletionStage<ServerMetadata>> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(discovery.discover(ISSUER));
        }
        callers.get(0).toCompletableFuture().cancel(true);
        late.complete(new Response(200, document(ISSUER, "x", "y").getBytes(UTF_8)));

        for (CompletionStage<ServerMetadata> caller : callers.subList(1, 50)) {
            assertThat(await(caller).issuer()).hasValue(ISSUER);
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_server_that_fails_is_asked_every_five_seconds_at_most() {
        answering(500, "");
        for (int i = 0; i < 10; i++) {
            failure();
            clock.pass(Duration.ofSeconds(1));
        }
        assertThat(asked).hasSize(2);
    }

    private record Response(int statusCode, byte[] body) implements HttpResponse<byte[]> {

        @Override
        public HttpRequest request() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<HttpResponse<byte[]>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public HttpHeaders headers() {
            return HttpHeaders.of(Map.of(), (name, value) -> true);
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            throw new UnsupportedOperationException();
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
