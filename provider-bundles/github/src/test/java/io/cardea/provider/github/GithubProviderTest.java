package io.cardea.provider.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.sun.net.httpserver.HttpServer;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GithubProviderTest {

    private static final String REDIRECT_URI = "http://localhost:8180/oauth/github/callback";
    private static final AuthorizationCode CODE =
            new AuthorizationCode("the-code", "the-state", REDIRECT_URI, Optional.of("the-verifier"));

    private final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(String path, int status, String json) {
        server.createContext(path, exchange -> {
            forms.add(form(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = json.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private static Map<String, String> form(String encoded) {
        Map<String, String> form = new HashMap<>();
        for (String field : encoded.isEmpty() ? new String[0] : encoded.split("&")) {
            String[] pair = field.split("=", 2);
            form.put(pair[0], URLDecoder.decode(pair[1], UTF_8));
        }
        return form;
    }

    private static GithubProvider registered() {
        return new GithubProvider(Map.of("client_id", "the-client", "client_secret", "the-secret"));
    }

    /** As an operator reaches a GitHub Enterprise server. */
    private GithubProvider enterprise() {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new GithubProvider(Map.of(
                "client_id", "the-client",
                "client_secret", "the-secret",
                "authorization_endpoint", url + "/login/oauth/authorize",
                "token_endpoint", url + "/login/oauth/access_token",
                "device_authorization_endpoint", url + "/login/device/code",
                "userinfo_endpoint", url + "/api/v3/user"));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private final ProviderContext context = new ProviderContext() {
        private final HttpClient client = HttpClient.newHttpClient();

        @Override
        public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
            return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.fixed(Instant.EPOCH);
        }
    };

    @Test
    void it_is_listed_as_github_with_what_it_can_do() {
        assertThat(registered().info().name()).isEqualTo("github");
        assertThat(registered().info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.DEVICE_CODE);
        assertThat(registered().info().supportsPkce()).isTrue();
        assertThat(registered().info().unavailable()).isEmpty();
    }

    @Test
    void until_it_is_registered_it_says_what_to_set() {
        assertThat(new GithubProvider(Map.of()).info().unavailable())
                .hasValue(
                        "Not configured: set client_id and client_secret in deploy/io.cardea.provider.github.cfg, best as client_secret = $[secret:github] with the secret itself in the file conf/secrets/github");
        assertThat(new GithubProvider(Map.of("client_id", "the-client")).info().unavailable())
                .hasValue(
                        "Not configured: set client_secret in deploy/io.cardea.provider.github.cfg, best as client_secret = $[secret:github] with the secret itself in the file conf/secrets/github");
    }

    @Test
    void a_key_that_does_not_exist_is_refused_by_name() {
        assertThat(new GithubProvider(Map.of("cliend_id", "the-client")).info().unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("unknown key cliend_id"));
    }

    @Test
    void the_browser_is_sent_to_github_with_pkce() throws Exception {
        URI url = URI.create(await(registered()
                .authorizationUrl(
                        new AuthorizationRequest(
                                "the-state", REDIRECT_URI, List.of("repo", "gist"), Optional.of("the-challenge"), "n"),
                        context)));

        assertThat(url.toString()).startsWith("https://github.com/login/oauth/authorize?");
        assertThat(form(url.getRawQuery()))
                .containsOnly(
                        entry("response_type", "code"),
                        entry("client_id", "the-client"),
                        entry("redirect_uri", REDIRECT_URI),
                        entry("scope", "repo gist"),
                        entry("state", "the-state"),
                        entry("code_challenge", "the-challenge"),
                        entry("code_challenge_method", "S256"));
    }

    @Test
    void its_endpoints_are_githubs_until_others_are_configured() throws Exception {
        assertThat(await(registered().metadata(context)))
                .isEqualTo(new ServerMetadata(
                        Optional.empty(),
                        Optional.of(URI.create("https://github.com/login/oauth/authorize")),
                        Optional.of(URI.create("https://github.com/login/oauth/access_token")),
                        Optional.empty(),
                        Optional.of(URI.create("https://api.github.com/user")),
                        Optional.of(URI.create("https://github.com/login/device/code")),
                        Optional.empty(),
                        false));
    }

    @Test
    void granted_scopes_come_separated_by_commas() throws Exception {
        answer("/login/oauth/access_token", 200, "{\"access_token\":\"gho_x\",\"scope\":\"repo,gist\"}");

        assertThat(await(enterprise().exchange(CODE, context)).scopes()).containsExactly("repo", "gist");
    }

    @Test
    void a_code_is_exchanged_for_a_token_that_does_not_expire() throws Exception {
        answer(
                "/login/oauth/access_token",
                200,
                "{\"access_token\":\"gho_x\",\"token_type\":\"bearer\",\"scope\":\"repo,gist\"}");
        Credential credential = await(enterprise().exchange(CODE, context));

        assertThat(credential)
                .isEqualTo(new Credential(
                        "gho_x",
                        "bearer",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("repo", "gist"),
                        Map.of()));
        assertThat(forms.get(0))
                .containsOnly(
                        entry("grant_type", "authorization_code"),
                        entry("client_id", "the-client"),
                        entry("client_secret", "the-secret"),
                        entry("code", "the-code"),
                        entry("redirect_uri", REDIRECT_URI),
                        entry("code_verifier", "the-verifier"));
    }

    @Test
    void a_github_apps_token_expires_and_is_refreshed() throws Exception {
        answer(
                "/login/oauth/access_token",
                200,
                "{\"access_token\":\"ghu_x\",\"expires_in\":28800,\"refresh_token\":\"ghr_y\",\"scope\":\"\","
                        + "\"token_type\":\"bearer\"}");
        Credential credential =
                await(enterprise().refresh(Credential.bearer("old").withRefreshToken("ghr_x"), context));

        assertThat(credential.expiresAt()).hasValue(Instant.EPOCH.plusSeconds(28800));
        assertThat(credential.refreshToken()).hasValue("ghr_y");
        assertThat(forms.get(0)).containsEntry("grant_type", "refresh_token").containsEntry("refresh_token", "ghr_x");
    }

    @Test
    void an_error_that_comes_with_status_200_is_an_error() {
        answer(
                "/login/oauth/access_token",
                200,
                "{\"error\":\"bad_verification_code\",\"error_description\":\"The code passed is incorrect or"
                        + " expired.\"}");

        assertThatThrownBy(() -> await(enterprise().exchange(CODE, context)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        refused -> assertThat(refused.error()).isEqualTo("bad_verification_code"))
                .hasMessage("the authorization server refused: bad_verification_code");
    }

    @Test
    void the_account_is_the_user_of_the_api() throws Exception {
        answer("/api/v3/user", 200, "{\"id\":1815,\"login\":\"ada\",\"email\":null,\"name\":\"Ada Lovelace\"}");

        assertThat(await(enterprise().profile(Credential.bearer("gho_x"), context)))
                .isEqualTo(new Profile(Optional.of("1815"), Optional.of("ada")));
        assertThat(authorizations).containsExactly("Bearer gho_x");
    }

    @Test
    void a_device_can_be_authorized() throws Exception {
        answer(
                "/login/device/code",
                200,
                "{\"device_code\":\"d\",\"user_code\":\"WDJB-MJHT\",\"verification_uri\":"
                        + "\"https://github.com/login/device\",\"expires_in\":900,\"interval\":5}");
        DeviceAuthorization device = await(enterprise().authorizeDevice(List.of("repo"), context));

        assertThat(device.userCode()).isEqualTo("WDJB-MJHT");
        assertThat(forms.get(0)).containsEntry("client_id", "the-client").containsEntry("scope", "repo");
    }
}
