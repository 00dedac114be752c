package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.BegunLogin;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoginCookieTest {

    private static final BegunLogin LOGIN = new BegunLogin(
            "https://as.example/authorize",
            "https://here.example/callback",
            "AbC_-123",
            "sealed-text",
            Duration.ofSeconds(300));

    private static LoginCookie cookie(String publicUrl) {
        return new LoginCookie(new PublicUrl(Optional.of(publicUrl), 8180));
    }

    private static String set(String publicUrl) {
        Exchange exchange = new Exchange();
        cookie(publicUrl).set(exchange.response(), "acme", LOGIN);
        return exchange.answered("Set-Cookie").orElseThrow();
    }

    @Test
    void over_http_it_has_every_attribute_that_http_allows() {
        assertThat(set("http://localhost:8180"))
                .isEqualTo("cardea-login-AbC_-123=sealed-text; Path=/oauth/acme/callback; Max-Age=300; HttpOnly;"
                        + " SameSite=Lax");
    }

    @Test
    void over_https_it_is_secure_and_its_name_says_so() {
        assertThat(set("https://auth.example.org"))
                .isEqualTo("__Secure-cardea-login-AbC_-123=sealed-text; Path=/oauth/acme/callback; Max-Age=300;"
                        + " HttpOnly; SameSite=Lax; Secure");
    }

    @Test
    void behind_a_path_prefix_it_is_sent_below_the_prefix_alone() {
        assertThat(set("https://auth.example.org/cardea/")).contains("; Path=/cardea/oauth/acme/callback;");
    }

    @Test
    void it_gives_way_where_it_was_set_to_a_word_that_its_login_has_succeeded() {
        Exchange exchange = new Exchange();
        cookie("https://auth.example.org/cardea").complete(exchange.response(), "acme", "AbC_-123");

        assertThat(exchange.answered("Set-Cookie"))
                .hasValue("__Secure-cardea-login-AbC_-123=completed; Path=/cardea/oauth/acme/callback; Max-Age=300;"
                        + " HttpOnly; SameSite=Lax; Secure");
    }

    @Test
    void a_login_that_has_succeeded_here_is_known_by_its_state_and_no_other_is() {
        LoginCookie cookie = cookie("http://localhost:8180");
        Exchange exchange = new Exchange()
                .cookie("other", "completed")
                .cookie("cardea-login-AbC_-123", "completed")
                .cookie("cardea-login-pending0", "sealed");

        assertThat(cookie.isCompleted(exchange.request(), "AbC_-123-and-more")).isTrue();
        assertThat(cookie.isCompleted(exchange.request(), "AbC_-12")).isFalse();
        assertThat(cookie.isCompleted(exchange.request(), "pending0-and-more")).isFalse();
        assertThat(cookie.isCompleted(new Exchange().request(), "AbC_-123-and-more"))
                .isFalse();
    }

    @Test
    void each_login_finds_its_own() {
        Exchange exchange = new Exchange()
                .cookie("other", "x")
                .cookie("cardea-login-a", "1")
                .cookie("cardea-login-b", "2");
        LoginCookie cookie = cookie("http://localhost:8180");

        assertThat(cookie.read(exchange.request(), "a")).hasValue("1");
        assertThat(cookie.read(exchange.request(), "b")).hasValue("2");
        assertThat(cookie.read(exchange.request(), "c")).isEmpty();
        assertThat(cookie.read(new Exchange().request(), "a")).isEmpty();
    }

    @Test
    void over_https_a_cookie_that_http_could_have_set_is_not_believed() {
        Exchange exchange = new Exchange().cookie("cardea-login-a", "1");

        assertThat(cookie("https://auth.example.org").read(exchange.request(), "a"))
                .isEmpty();
    }
}
