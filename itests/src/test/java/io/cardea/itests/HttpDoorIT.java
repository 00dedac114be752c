package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in at the door over HTTP, and what is turned away. */
class HttpDoorIT {

    @TempDir
    static Path folder;

    private static Cardea cardea;

    @BeforeAll
    static void start() {
        cardea = Cardea.started(folder);
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    @Test
    void an_unknown_provider_is_named_in_the_answer() {
        for (String action : new String[] {"login", "callback?code=a&state=b"}) {
            HttpResponse<String> answer = cardea.get("/oauth/nobody/" + action);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("\"error\":\"unknown_provider\"", "\"provider\":\"nobody\"");
        }
    }

    @Test
    void a_browser_gets_the_same_as_a_page() {
        HttpResponse<String> page = cardea.get("/oauth/nobody/login", "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.body()).contains("There is no such provider", "unknown_provider");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'");
    }

    @Test
    void what_a_stranger_writes_into_a_url_is_escaped_in_the_page() {
        HttpResponse<String> page =
                cardea.get("/oauth/%3Cscript%3Ealert(1)%3C%2Fscript%3E/login", "Accept", "text/html");

        assertThat(page.statusCode()).isBetween(400, 404);
        assertThat(page.body()).doesNotContain("<script>");
    }

    @Test
    void a_provider_that_is_not_configured_says_what_is_missing() {
        HttpResponse<String> login = cardea.get("/oauth/github/login");

        assertThat(login.statusCode()).isEqualTo(503);
        assertThat(login.body())
                .contains("\"error\":\"provider_unavailable\"", "client_id", "deploy/io.cardea.provider.github.cfg");
        assertThat(cardea.get("/oauth/providers").body()).contains("\"is_available\":false");
    }

    @Test
    void the_first_page_lists_the_providers() {
        HttpResponse<String> page = cardea.get("/", "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("GitHub", "Not configured");
        assertThat(cardea.get("/assets/cardea.css").statusCode()).isEqualTo(200);
    }

    @Test
    void a_path_that_nobody_serves_is_not_found() {
        for (String path : new String[] {
            "/nothing", "/oauth", "/oauth/", "/oauth/github", "/oauth/github/nothing", "/assets/nothing"
        }) {
            HttpResponse<String> answer = cardea.get(path);

            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).contains("\"error\":\"not_found\"");
        }
    }

    @Test
    void a_wrong_method_is_told_the_right_one() {
        assertThat(cardea.get("/oauth/github/refresh").statusCode()).isEqualTo(405);
        assertThat(cardea.get("/oauth/github/refresh").headers().firstValue("Allow"))
                .contains("POST");
        assertThat(cardea.post("/oauth/providers", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void a_foreign_origin_is_turned_away_everywhere() {
        for (String path : new String[] {"/", "/nothing", "/oauth/providers", "/oauth/github/login"}) {
            assertThat(cardea.get(path, "Origin", "https://evil.example").statusCode())
                    .as(path)
                    .isEqualTo(403);
            assertThat(cardea.get(path, "Origin", "null").statusCode()).as(path).isEqualTo(403);
        }
        assertThat(cardea.get("/oauth/providers", "Origin", cardea.url()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void the_answer_that_a_providers_page_posts_is_not_turned_away() {
        String[] foreign = {"Origin", "https://as.example", "Sec-Fetch-Site", "cross-site"};
        assertThat(form("/oauth/github/callback", foreign).statusCode()).isEqualTo(303);
        assertThat(form("/oauth/github/callback", "Origin", "null").statusCode())
                .as("no browser's post, and no login")
                .isNotEqualTo(403);

        for (String path : new String[] {"/oauth/github/login", "/oauth/github/refresh", "/oauth/github/callback/x"}) {
            assertThat(form(path, foreign).statusCode()).as(path).isEqualTo(403);
        }
    }

    @Test
    void whoever_another_site_sends_to_where_nobody_can_log_in_is_not_asked_but_told() {
        assertThat(cardea.get("/oauth/github/login", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(503);
        assertThat(cardea.get("/oauth/nobody/login", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_foreign_host_is_turned_away_everywhere() throws IOException {
        for (String path : new String[] {"/", "/nothing", "/oauth/providers"}) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 421 ");
        }
        String host = "LOCALHOST:" + URI.create(cardea.url()).getPort();
        assertThat(raw("GET /oauth/providers HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void a_body_must_be_small_flat_json_of_known_members() {
        assertThat(api("{\"connection\":\"x\",\"connection\":\"y\"}").statusCode())
                .as("repeated")
                .isEqualTo(400);
        assertThat(api("[".repeat(30) + "]".repeat(30)).statusCode()).as("deep").isEqualTo(400);
        assertThat(api("{\"conection\":\"x\"}").body()).as("unknown").contains("Known members are");
        assertThat(api("{}").statusCode()).as("empty").isEqualTo(400);
        assertThat(api("{\"connection\":1}").statusCode()).as("no text").isEqualTo(400);
        assertThat(api("{\"connection\":\"" + "x".repeat(70_000) + "\"}").statusCode())
                .as("large")
                .isEqualTo(413);
        assertThat(api("not json").statusCode()).isEqualTo(400);
        assertThat(cardea.send(cardea.request("/oauth/github/refresh")
                                .header("Authorization", "Bearer " + cardea.apiKey())
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString("connection=x")))
                        .statusCode())
                .as("a form")
                .isEqualTo(415);
    }

    @Test
    void large_headers_are_refused() throws IOException {
        String host = URI.create(cardea.url()).getAuthority();
        assertThat(raw("GET /oauth/providers HTTP/1.1\r\nHost: " + host + "\r\nX-Large: " + "x".repeat(20_000)
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void what_never_reaches_cardea_is_refused_as_guardedly_and_in_no_words_of_the_server() throws IOException {
        String host = "Host: " + URI.create(cardea.url()).getAuthority() + "\r\n";
        assertGuarded(414, "GET /a-secret/" + "x".repeat(20_000) + " HTTP/1.1\r\n" + host);
        assertGuarded(414, "GET /oauth/github/callback?code=a-secret&x=" + "x".repeat(20_000) + " HTTP/1.1\r\n" + host);
        assertGuarded(431, "GET /a-secret HTTP/1.1\r\n" + host + "X-Large: " + "x".repeat(20_000) + "\r\n");
        assertGuarded(400, "GET /a-secret%zz HTTP/1.1\r\n" + host);
        assertGuarded(400, "GET /a-secret HTTP/1.1\r\n" + host + "a-secret with spaces: x\r\n");
        assertGuarded(400, "GET /oauth/a-secret%2F/login HTTP/1.1\r\n" + host);
        assertGuarded(400, "GET /a-secret HTTP/1.1\r\n" + host + host);
        assertGuarded(400, "GET /a-secret HTTP/1.1\r\n");
        assertGuarded(417, "GET /a-secret HTTP/1.1\r\n" + host + "Expect: a-secret\r\n");
        assertGuarded(505, "GET /a-secret HTTP/3.7\r\n" + host);
        assertGuarded(400, "a-secret and other garbage\r\n");
        assertGuarded(404, "OPTIONS * HTTP/1.1\r\n" + host);
    }

    private static void assertGuarded(int status, String head) throws IOException {
        String answer = raw(head + "Connection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Content-Security-Policy: default-src 'none';", "frame-ancestors 'none'")
                .contains("X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "no-store")
                .as("nothing but headers")
                .endsWith("\r\n\r\n")
                .doesNotContain("a-secret")
                .doesNotContainIgnoringCase("jetty")
                .doesNotContain("Server:");
    }

    private static HttpResponse<String> api(String json) {
        return cardea.post("/oauth/github/refresh", json, "Authorization", "Bearer " + cardea.apiKey());
    }

    private static HttpResponse<String> form(String path, String... headers) {
        return cardea.send(cardea.request(path, headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("code=the-code&state=the-state")));
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(cardea.url()).getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
