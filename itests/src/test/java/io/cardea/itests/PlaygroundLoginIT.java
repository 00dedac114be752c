package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole logins with the playground over HTTP, and what programs do with them afterwards. */
class PlaygroundLoginIT {

    @TempDir
    static Path folder;

    private static Cardea cardea;

    @BeforeAll
    static void start() {
        cardea = Cardea.demo(folder);
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    @Test
    void the_endpoints_of_the_reference_document_answer() {
        assertThat(cardea.get("/oauth/providers").body()).contains("\"playground\":{");
        assertThat(cardea.get("/oauth/playground/login").statusCode()).isEqualTo(302);
    }

    @Test
    void the_listing_has_every_field_of_the_contract() {
        HttpResponse<String> answer = cardea.get("/oauth/providers");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.body())
                .contains(
                        "\"name\":\"playground\"",
                        "\"display_name\":\"Playground\"",
                        "\"description\":",
                        "\"supports_pkce\":true",
                        "\"supports_refresh\":true",
                        "\"supports_revocation\":true",
                        "\"scopes\":[",
                        "\"flows\":[\"authorization_code\",\"device_code\"]",
                        "\"is_available\":true",
                        "\"plugin_name\":\"io.cardea.provider.playground\"",
                        "\"plugin_version\":\"");
    }

    @Test
    void a_login_ends_on_the_success_page_and_names_the_account() {
        PlaygroundPerson ada = new PlaygroundPerson();

        HttpResponse<String> page = ada.get(ada.answerAt(begin(ada, "/oauth/playground/login"), "approve"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("You are logged in", "ada@playground.example");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'");
    }

    @Test
    void the_redirect_carries_pkce_state_and_the_configured_redirect_uri() {
        HttpResponse<String> redirect = cardea.get("/oauth/playground/login");

        String location = redirect.headers().firstValue("Location").orElseThrow();
        assertThat(location)
                .contains("client_id=", "code_challenge_method=S256", "response_type=code")
                .contains("redirect_uri=" + encoded(cardea.url() + "/oauth/playground/callback"));
        assertThat(parameter(location, "state")).hasSizeGreaterThanOrEqualTo(22);
        assertThat(redirect.headers().firstValue("Set-Cookie").orElseThrow())
                .matches("cardea-login-[A-Za-z0-9_-]{8}=[A-Za-z0-9_-]+; Path=/oauth/playground/callback; Max-Age=300;"
                        + " HttpOnly; SameSite=Lax");
        assertThat(redirect.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void whoever_another_site_sends_is_asked_first_and_then_sent_off() {
        HttpResponse<String> page = cardea.get(
                "/oauth/playground/login?connection=asked", "Accept", "text/html", "Sec-Fetch-Site", "cross-site");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Set-Cookie")).isEmpty();
        Matcher link = Pattern.compile("class=\"button\" href=\"([^\"]+)\"").matcher(page.body());
        assertThat(link.find()).isTrue();
        assertThat(cardea.get(link.group(1), "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(302);
    }

    @Test
    void another_port_of_this_machine_is_another_site_and_a_page_of_ours_is_not() {
        String login = "/oauth/playground/login";

        assertThat(cardea.get(login, "Sec-Fetch-Site", "same-site").body()).contains("Another website has sent you");
        assertThat(cardea.get(login, "Referer", "http://localhost:1/").body()).contains("Another website has sent you");
        assertThat(cardea.get(login, "Referer", cardea.url() + "/").statusCode())
                .isEqualTo(302);
        assertThat(cardea.get(login, "Sec-Fetch-Site", "none").statusCode()).isEqualTo(302);
    }

    @Test
    void an_answer_that_is_posted_from_another_site_ends_the_login_by_way_of_a_redirect() {
        PlaygroundPerson ada = new PlaygroundPerson();
        URI callback = ada.answerAt(begin(ada, "/oauth/playground/login?connection=posted"), "approve");
        HttpRequest.Builder post = cardea.request(
                        callback.getPath(), "Origin", "https://as.example", "Sec-Fetch-Site", "cross-site")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(callback.getRawQuery()));

        HttpResponse<String> handedOn = cardea.send(post);

        assertThat(handedOn.statusCode()).isEqualTo(303);
        assertThat(handedOn.headers().firstValue("Cache-Control")).contains("no-store");
        URI next = PlaygroundPerson.location(handedOn);
        assertThat(next.toString())
                .startsWith(cardea.url() + "/oauth/playground/callback?response=")
                .doesNotContain(parameter(callback.toString(), "code"), parameter(callback.toString(), "state"));
        assertThat(new PlaygroundPerson().get(next).statusCode())
                .as("in another browser")
                .isEqualTo(400);
        assertThat(ada.get(next).statusCode()).isEqualTo(200);
        assertThat(ada.get(next).statusCode()).as("a second time").isEqualTo(400);
    }

    @Test
    void a_return_to_path_is_where_the_login_ends() {
        PlaygroundPerson ada = new PlaygroundPerson();

        HttpResponse<String> end =
                ada.get(ada.answerAt(begin(ada, "/oauth/playground/login?return_to=/some/page"), "approve"));

        assertThat(PlaygroundPerson.location(end)).isEqualTo(URI.create(cardea.url() + "/some/page"));
    }

    @Test
    void a_return_to_elsewhere_is_refused() {
        for (String elsewhere :
                List.of("https://evil.example/", "//evil.example", "/%5Cevil.example", "%2F%09%2Fevil.example")) {
            assertThat(cardea.get("/oauth/playground/login?return_to=" + elsewhere)
                            .statusCode())
                    .as(elsewhere)
                    .isEqualTo(400);
        }
    }

    @Test
    void a_callback_counts_once() {
        PlaygroundPerson ada = new PlaygroundPerson();
        URI callback = ada.answerAt(begin(ada, "/oauth/playground/login?connection=once"), "approve");
        assertThat(ada.get(callback).statusCode()).isEqualTo(200);

        HttpResponse<String> again = ada.get(callback);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("nothing more is to be done").doesNotContain("Start again");
        assertThat(new PlaygroundPerson().get(callback).body())
                .as("another browser")
                .contains("Start again")
                .doesNotContain("completed");
    }

    @Test
    void a_callback_in_another_browser_is_refused() {
        PlaygroundPerson ada = new PlaygroundPerson();
        URI callback = ada.answerAt(begin(ada, "/oauth/playground/login?connection=stolen"), "approve");

        HttpResponse<String> refused = new PlaygroundPerson().get(callback);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("Start again")
                .doesNotContain(parameter(callback.toString(), "code"), parameter(callback.toString(), "state"));
        assertThat(ada.get(callback).statusCode())
                .as("the victim's own browser")
                .isEqualTo(200);
    }

    @Test
    void a_denied_consent_is_told_and_stores_nothing() {
        PlaygroundPerson ada = new PlaygroundPerson();

        HttpResponse<String> page =
                ada.get(ada.answerAt(begin(ada, "/oauth/playground/login?connection=denied"), "deny"));

        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains("Access was denied");
        assertThat(refresh("{\"connection\":\"denied\"}").statusCode()).isEqualTo(404);
    }

    @Test
    void a_connection_is_refreshed_and_its_refresh_token_rotates() {
        login("rotating");

        HttpResponse<String> first = refresh("{\"connection\":\"rotating\"}");
        HttpResponse<String> second = refresh("{\"connection\":\"rotating\"}");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.body())
                .contains(
                        "\"token_type\":\"Bearer\"",
                        "\"expires_in\":",
                        "\"expires_at\":",
                        "\"scope\":",
                        "\"provider\":\"playground\"",
                        "\"connection\":\"rotating\"")
                .doesNotContain("refresh_token");
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(member(second.body(), "access_token")).isNotEqualTo(member(first.body(), "access_token"));
    }

    @Test
    void a_refresh_token_of_nobody_is_refused_without_asking_the_provider() {
        HttpResponse<String> refused = refresh("{\"refresh_token\":\"of-nobody\"}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("\"error\":\"invalid_grant\"");
    }

    @Test
    void a_revoked_connection_is_gone() {
        login("revoked");

        HttpResponse<String> gone = post("revoke", "{\"connection\":\"revoked\"}");

        assertThat(gone.statusCode()).as(gone.body()).isEqualTo(204);
        assertThat(refresh("{\"connection\":\"revoked\"}").body()).contains("\"error\":\"not_connected\"");
    }

    @Test
    void a_token_is_revoked_at_the_playground_too() {
        login("both");
        String token = member(refresh("{\"connection\":\"both\"}").body(), "access_token");
        HttpRequest.Builder who = cardea.request("/playground/userinfo", "Authorization", "Bearer " + token);
        assertThat(cardea.send(who.GET()).statusCode()).isEqualTo(200);

        assertThat(post("revoke", "{\"token\":\"" + token + "\"}").statusCode()).isEqualTo(204);

        assertThat(cardea.send(who.GET()).statusCode()).isEqualTo(401);
    }

    @Test
    void nobody_refreshes_or_revokes_without_the_key() {
        for (String action : List.of("refresh", "revoke")) {
            HttpResponse<String> nobody = cardea.post("/oauth/playground/" + action, "{\"connection\":\"default\"}");
            HttpResponse<String> wrong = cardea.post(
                    "/oauth/playground/" + action,
                    "{\"connection\":\"default\"}",
                    "Authorization",
                    "Bearer cardea_wrong");

            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(nobody.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Bearer");
            assertThat(wrong.statusCode()).isEqualTo(401);
        }
    }

    @Test
    void no_secret_is_in_any_log() {
        PlaygroundPerson ada = new PlaygroundPerson();
        URI callback = ada.answerAt(begin(ada, "/oauth/playground/login?connection=quiet"), "approve");
        ada.get(callback);
        String token = member(refresh("{\"connection\":\"quiet\"}").body(), "access_token");

        assertThat(cardea.log() + Cardea.read(folder.resolve("demo.out")))
                .doesNotContain(
                        token,
                        cardea.apiKey(),
                        parameter(callback.toString(), "code"),
                        parameter(callback.toString(), "state"));
    }

    private static URI begin(PlaygroundPerson person, String path) {
        return PlaygroundPerson.location(person.get(URI.create(cardea.url() + path)));
    }

    private static void login(String connection) {
        PlaygroundPerson ada = new PlaygroundPerson();
        URI callback = ada.answerAt(begin(ada, "/oauth/playground/login?connection=" + connection), "approve");
        assertThat(ada.get(callback).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> refresh(String json) {
        return post("refresh", json);
    }

    private static HttpResponse<String> post(String action, String json) {
        return cardea.post("/oauth/playground/" + action, json, "Authorization", "Bearer " + cardea.apiKey());
    }

    private static String parameter(String url, String name) {
        Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url);
        assertThat(matcher.find()).as(name).isTrue();
        return matcher.group(1);
    }

    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(json);
        assertThat(matcher.find()).as(name + " in " + json).isTrue();
        return matcher.group(1);
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }
}
