package io.cardea.itests;

import static io.cardea.itests.Answers.member;
import static io.cardea.itests.Answers.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Providers that are only data, against an authorization server that others have written: of it they know the issuer
 * and what it was told of Cardea.
 */
class RealServerLoginIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<SecretFile> SECRETS = new ArrayList<>();
    private static ClientKey key;
    private static AuthorizationServerProcess server;
    private static Cardea cardea;

    @BeforeAll
    static void start() {
        key = new ClientKey();
        server = AuthorizationServerProcess.started(folder, key);
        cardea = new Cardea(folder);
        secret("itest-basic", "basic-secret\n");
        secret("itest-post", "post-secret\n");
        secret("itest-wrong", "not-the-secret\n");
        secret("itest-pem", key.pem());
        secret("itest-jwk", key.jwk());
        configure("basic", "basic", "client_secret = $[secret:itest-basic]", "client_auth = client_secret_basic");
        configure("post", "post", "client_secret = $[secret:itest-post]");
        configure("pem", "jwt", "private_key = $[secret:itest-pem]");
        configure("jwk", "jwt", "private_key = $[secret:itest-jwk]", "client_auth = private_key_jwt");
        configure("wrong", "post", "client_secret = $[secret:itest-wrong]");
        configure("es256", "post", "client_secret = $[secret:itest-post]", "id_token_signed_response_alg = ES256");
        cardea.start("start");
        for (String provider : List.of("basic", "post", "pem", "jwk", "wrong", "es256")) {
            server.allow(cardea.url() + "/oauth/" + provider + "/callback");
            Cardea.eventually(
                    PATIENCE,
                    () -> cardea.get("/oauth/" + provider + "/login").statusCode() == 302,
                    () -> cardea.get("/oauth/" + provider + "/login").body() + cardea.log());
        }
    }

    private static void secret(String name, String content) {
        SECRETS.add(SecretFile.written(name, content));
    }

    private static void configure(String provider, String clientId, String... more) {
        List<String> lines = new ArrayList<>(
                List.of("issuer = " + server.url(), "client_id = " + clientId, "scope = openid profile email"));
        lines.addAll(List.of(more));
        cardea.configure(provider, lines.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        SECRETS.forEach(SecretFile::close);
        cardea.close();
        server.close();
        key.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "post", "pem", "jwk"})
    void a_login_ends_on_the_success_page_and_names_the_account(String provider) {
        HttpResponse<String> page = login(provider, "first", "approve");

        assertThat(page.statusCode()).as(page.body() + cardea.log()).isEqualTo(200);
        assertThat(page.body()).contains("You are logged in", "ada@server.example", "first");
    }

    @Test
    void the_browser_is_sent_to_where_the_issuer_says_with_pkce_and_a_nonce() {
        URI url = Browser.location(cardea.get("/oauth/basic/login"));

        assertThat(url.toString()).startsWith(server.url() + "/oauth2/authorize?");
        assertThat(parameter(url, "response_type")).isEqualTo("code");
        assertThat(parameter(url, "scope")).isEqualTo("openid profile email");
        assertThat(parameter(url, "code_challenge")).hasSize(43);
        assertThat(parameter(url, "code_challenge_method")).isEqualTo("S256");
        assertThat(parameter(url, "nonce")).hasSizeGreaterThanOrEqualTo(22);
        assertThat(parameter(url, "redirect_uri")).isEqualTo(cardea.url() + "/oauth/basic/callback");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "post", "pem", "jwk"})
    void a_connection_is_refreshed_with_the_token_that_the_last_refresh_brought(String provider) {
        assertThat(login(provider, "rotating", "approve").statusCode()).isEqualTo(200);

        String first = accessToken(provider, "rotating");
        String second = accessToken(provider, "rotating");

        assertThat(second).isNotEqualTo(first);
        assertThat(userinfo(second).body()).contains("\"sub\":\"ada\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "post", "pem", "jwk"})
    void a_revoked_token_is_refused_by_the_server(String provider) {
        assertThat(login(provider, "revoked", "approve").statusCode()).isEqualTo(200);
        String token = accessToken(provider, "revoked");
        assertThat(userinfo(token).statusCode()).isEqualTo(200);

        HttpResponse<String> revoked = cardea.call("/oauth/" + provider + "/revoke", "{\"connection\":\"revoked\"}");

        assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(204);
        assertThat(userinfo(token).statusCode()).isEqualTo(401);
        assertThat(refresh(provider, "revoked").statusCode()).isEqualTo(404);
    }

    @Test
    void a_device_is_let_in_or_kept_out_as_the_person_decides_elsewhere() {
        // At the same time, for each waits for seconds before it asks.
        HttpResponse<String> basic = device("basic");
        HttpResponse<String> jwt = device("pem");
        HttpResponse<String> unwelcome = device("post");
        assertThat(basic.statusCode()).as(basic.body()).isEqualTo(201);
        assertThat(basic.body()).contains("\"expires_in\":", "\"interval\":").doesNotContain("device_code");
        assertThat(status(basic)).isEqualTo("pending");

        decide(basic, "approve");
        decide(jwt, "approve");
        decide(unwelcome, "deny");

        Cardea.eventually(PATIENCE, () -> status(basic).equals("complete"), cardea::log);
        Cardea.eventually(PATIENCE, () -> status(jwt).equals("complete"), cardea::log);
        Cardea.eventually(PATIENCE, () -> status(unwelcome).equals("denied"), cardea::log);
        for (String provider : List.of("basic", "pem")) {
            assertThat(accessToken(provider, "device")).isNotEqualTo(accessToken(provider, "device"));
        }
        assertThat(refresh("post", "device").statusCode()).isEqualTo(404);
    }

    /** Without openid, which the server refuses to devices. */
    private static HttpResponse<String> device(String provider) {
        return cardea.call("/oauth/" + provider + "/device", "{\"connection\":\"device\",\"scope\":\"profile email\"}");
    }

    private static void decide(HttpResponse<String> begun, String decision) {
        new AuthorizationServerPerson()
                .verify(URI.create(member(begun, "verification_uri")), member(begun, "user_code"), decision);
    }

    @Test
    void a_login_is_completed_by_the_pasted_address() {
        HttpResponse<String> begun = cardea.call("/oauth/post/authorize", "{\"connection\":\"pasted\"}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        URI address =
                new AuthorizationServerPerson().answerAt(URI.create(member(begun, "authorization_url")), "approve");
        assertThat(status(begun)).isEqualTo("pending");

        HttpResponse<String> connection = paste(begun, address);

        assertThat(connection.statusCode()).as(connection.body()).isEqualTo(200);
        assertThat(connection.body())
                .contains("\"provider\":\"post\"", "\"connection\":\"pasted\"", "\"account\":\"ada@server.example\"")
                .doesNotContain("token");
        assertThat(status(begun)).isEqualTo("complete");
        assertThat(userinfo(accessToken("post", "pasted")).statusCode()).isEqualTo(200);
        assertThat(paste(begun, address).statusCode()).as("a second time").isEqualTo(400);
    }

    @Test
    void a_wrong_client_secret_is_the_providers_refusal_and_the_page_says_what_to_check() {
        HttpResponse<String> page = login("wrong", "default", "approve");

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body())
                .contains("provider_error", "invalid_client", "client_secret")
                .doesNotContain("not-the-secret");
        assertThat(refresh("wrong", "default").statusCode()).isEqualTo(404);
    }

    @Test
    void a_denied_consent_is_told_and_stores_nothing() {
        HttpResponse<String> page = login("basic", "denied", "deny");

        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains("Access was denied", "access_denied");
        assertThat(refresh("basic", "denied").statusCode()).isEqualTo(404);
    }

    @Test
    void an_id_token_that_is_signed_in_another_way_is_refused_and_the_log_says_why() {
        HttpResponse<String> page = login("es256", "default", "approve");

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body()).contains("provider_error");
        assertThat(cardea.log()).contains("the ID token is refused", "ES256", "id_token_signed_response_alg");
        assertThat(refresh("es256", "default").statusCode()).isEqualTo(404);
    }

    @Test
    void what_was_secret_is_in_no_log() {
        Browser browser = new Browser();
        URI answer = answer(browser, "pem", "quiet", "approve");
        browser.get(answer);
        String token = accessToken("pem", "quiet");

        assertThat(cardea.log())
                .doesNotContain(
                        "basic-secret",
                        "post-secret",
                        "not-the-secret",
                        key.pem().lines().skip(1).findFirst().orElseThrow(),
                        token,
                        parameter(answer, "code"),
                        parameter(answer, "state"));
    }

    private static HttpResponse<String> login(String provider, String connection, String decision) {
        Browser browser = new Browser();
        return browser.get(answer(browser, provider, connection, decision));
    }

    /** Where the server sends the browser back to. */
    private static URI answer(Browser browser, String provider, String connection, String decision) {
        URI login = URI.create(cardea.url() + "/oauth/" + provider + "/login?connection=" + connection);
        return new AuthorizationServerPerson().answerAt(Browser.location(browser.get(login)), decision);
    }

    private static HttpResponse<String> paste(HttpResponse<String> begun, URI address) {
        return cardea.call("/oauth/flows/" + member(begun, "flow"), "{\"redirect_url\":\"" + address + "\"}");
    }

    private static String status(HttpResponse<String> begun) {
        return member(
                cardea.get("/oauth/flows/" + member(begun, "flow"), "Authorization", "Bearer " + cardea.apiKey()),
                "status");
    }

    private static HttpResponse<String> refresh(String provider, String connection) {
        return cardea.call("/oauth/" + provider + "/refresh", "{\"connection\":\"" + connection + "\"}");
    }

    private static String accessToken(String provider, String connection) {
        return member(refresh(provider, connection), "access_token");
    }

    private static HttpResponse<String> userinfo(String accessToken) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/userinfo"))
                .header("Authorization", "Bearer " + accessToken)
                .timeout(PATIENCE)
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
