package io.cardea.provider.playground.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.provider.playground.Playgrounds;
import io.cardea.provider.playground.server.Parameters;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages as a browser gets them, and what happens to forms that are not theirs. */
class PagesTest {

    private static final Map<String, String> ADA = Map.of("username", "ada", "password", "lovelace");
    private static final String MARKUP = "\"><script>alert(1)</script>";

    private final Browser browser = new Browser();
    private LocalPlayground local;
    private Map<String, String> request;

    @BeforeEach
    void start() throws Exception {
        local = new LocalPlayground();
        request = new HashMap<>(Map.of(
                "response_type", "code",
                "client_id", "cardea",
                "redirect_uri", Playgrounds.redirectUri(local.playground),
                "state", "an-unlikely-state",
                "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                "code_challenge_method", "S256"));
    }

    @AfterEach
    void stop() throws Exception {
        local.stop();
    }

    private URI at(String path) {
        return URI.create(local.url + "/playground" + path);
    }

    private HttpResponse<String> open() throws Exception {
        return browser.open(at("/authorize?" + Parameters.encode(request)));
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
        assertThat(answer.body()).contains("This does not work").doesNotContain("<form");
    }

    @Test
    void a_wrong_password_shows_the_page_again_and_the_right_one_then_works() throws Exception {
        HttpResponse<String> again = browser.press(open(), "login", Map.of("username", "ada", "password", "hopper"));
        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.body()).contains("role=\"alert\"").contains("value=\"ada\"");

        HttpResponse<String> consent = browser.press(again, "login", ADA);
        assertThat(consent.statusCode()).isEqualTo(200);
        assertThat(consent.body()).contains("Ada Lovelace");
    }

    @Test
    void a_foreign_redirect_uri_shows_a_page_and_redirects_nowhere() throws Exception {
        request.put("redirect_uri", "https://evil.example/callback");
        HttpResponse<String> answer = open();
        assertRefused(answer);
        assertThat(answer.body()).doesNotContain("evil.example");
    }

    @Test
    void other_faults_of_a_request_go_back_to_the_client() throws Exception {
        request.remove("code_challenge");
        HttpResponse<String> answer = open();
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(location -> assertThat(location)
                        .startsWith(Playgrounds.redirectUri(local.playground) + "?error=invalid_request&"));
    }

    @Test
    void pages_cannot_be_framed_cached_or_scripted() throws Exception {
        HttpResponse<String> page = open();
        assertThat(page.headers().map()).containsEntry("x-content-type-options", java.util.List.of("nosniff"));
        assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .contains("default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none';"
                        + " base-uri 'none'");
        assertThat(page.headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(
                        cookie -> assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax"));
        assertThat(page.body())
                .doesNotContain("<script")
                .doesNotContain("<style")
                .doesNotContain("style=");
    }

    @Test
    void the_consent_page_alone_lets_its_form_end_at_the_client() throws Exception {
        HttpResponse<String> consent = browser.press(open(), "login", ADA);
        assertThat(consent.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("form-action 'self' " + local.url + ";"));
    }

    @Test
    void no_page_shows_the_state() throws Exception {
        HttpResponse<String> login = open();
        assertThat(login.body()).doesNotContain("an-unlikely-state");
        assertThat(browser.press(login, "login", ADA).body()).doesNotContain("an-unlikely-state");
    }

    @Test
    void what_is_entered_is_escaped() throws Exception {
        assertThat(browser.press(open(), "login", Map.of("username", MARKUP)).body())
                .doesNotContain("<script")
                .contains("&lt;script>");
        assertThat(browser.open(at("/device?" + Parameters.encode(Map.of("user_code", MARKUP))))
                        .body())
                .doesNotContain("<script")
                .contains("&lt;script>");
    }

    @Test
    void a_form_without_the_cookie_is_refused() throws Exception {
        assertRefused(new Browser().press(open(), "login", ADA));
    }

    @Test
    void a_form_of_another_browser_is_refused() throws Exception {
        Browser victim = new Browser();
        victim.open(at("/authorize?" + Parameters.encode(request)));

        HttpResponse<String> consent = browser.press(open(), "login", ADA);

        assertRefused(victim.press(consent, "approve", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "!!"})
    void a_form_that_was_not_made_here_is_refused(String page) throws Exception {
        assertRefused(browser.press(open(), "login", Map.of("page", page, "username", "ada", "password", "lovelace")));
    }

    @Test
    void a_form_of_another_page_is_refused() throws Exception {
        HttpResponse<String> device = browser.open(at("/device"));
        HttpResponse<String> login = open();
        String sealed = device.body().replaceAll("(?s).*name=\"page\" value=\"([^\"]+)\".*", "$1");
        assertRefused(browser.press(login, "login", Map.of("page", sealed, "username", "ada", "password", "lovelace")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"approve", "deny"})
    void nobody_approves_or_denies_without_a_login(String button) throws Exception {
        assertRefused(browser.press(open(), button, ADA));
        HttpResponse<String> device = browser.open(at("/device"));
        assertRefused(browser.press(device, button, Map.of("user_code", "BCDF-GHJK")));
    }

    @Test
    void a_page_that_was_open_for_too_long_is_refused() throws Exception {
        HttpResponse<String> page = open();
        local.clock.pass(Duration.ofMinutes(15));
        assertRefused(browser.press(page, "login", ADA));
    }

    @Test
    void two_tabs_log_in_at_the_same_time() throws Exception {
        HttpResponse<String> one = open();
        HttpResponse<String> two = open();
        assertThat(browser.press(one, "login", ADA).statusCode()).isEqualTo(200);
        assertThat(browser.press(two, "login", ADA).statusCode()).isEqualTo(200);
    }

    @Test
    void an_unknown_user_code_shows_the_page_again() throws Exception {
        HttpResponse<String> again = browser.press(
                browser.open(at("/device")),
                "login",
                Map.of("user_code", "BCDF-GHJK", "username", "ada", "password", "lovelace"));
        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.body()).contains("No device waits").contains("value=\"BCDF-GHJK\"");
    }

    @Test
    void only_who_can_log_in_learns_whether_a_user_code_exists() throws Exception {
        HttpResponse<String> again = browser.press(
                browser.open(at("/device")),
                "login",
                Map.of("user_code", "BCDF-GHJK", "username", "ada", "password", "wrong"));
        assertThat(again.body()).doesNotContain("No device waits");
    }
}
