package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestGuardTest {

    private final RequestGuard guard = new RequestGuard(new PublicUrl(Optional.empty(), 8180));
    private boolean passed;

    private Exchange send(Exchange exchange) throws Exception {
        guard.doFilter(exchange.request(), exchange.response(), (request, response) -> passed = true);
        return exchange;
    }

    private static Exchange ours() {
        return new Exchange().header("Host", "localhost:8180");
    }

    @Test
    void a_request_to_us_passes() throws Exception {
        Exchange answer = send(ours());

        assertThat(passed).isTrue();
        assertThat(answer.answered("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void one_to_a_servlet_that_leaves_at_this_moment_is_asked_to_come_again() throws Exception {
        Exchange answer = ours();
        guard.doFilter(answer.request(), answer.response(), (request, response) -> {
            // As Felix says it.
            throw new ServletException("Servlet has been unregistered");
        });

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.answered("Retry-After")).hasValue("1");
        assertThat(answer.json().path("error").asText()).isEqualTo("temporarily_unavailable");
        assertThatThrownBy(() -> guard.doFilter(ours().request(), ours().response(), (request, response) -> {
                    throw new ServletException("anything else");
                }))
                .isInstanceOf(ServletException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8180", "localhost:1", ""})
    void a_request_to_a_host_that_is_not_ours_is_misdirected(String host) throws Exception {
        Exchange answer = send(new Exchange().header("Host", host));

        assertThat(passed).isFalse();
        assertThat(answer.status()).isEqualTo(421);
        assertThat(answer.json().path("error").asText()).isEqualTo("invalid_request");
        assertThat(answer.text()).doesNotContain("evil");
    }

    @Test
    void a_request_to_nobody_is_misdirected() throws Exception {
        assertThat(send(new Exchange()).status()).isEqualTo(421);
        assertThat(passed).isFalse();
    }

    @Test
    void forwarded_headers_change_nothing() throws Exception {
        send(new Exchange()
                .header("Host", "evil.example")
                .header("X-Forwarded-Host", "localhost:8180")
                .header("Forwarded", "host=localhost:8180"));

        assertThat(passed).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://localhost:9999", "https://localhost:8180", "garbage"})
    void a_foreign_origin_is_forbidden(String origin) throws Exception {
        Exchange answer = send(ours().header("Origin", origin));

        assertThat(passed).isFalse();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.answered("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Host, localhost:8180, evil.example",
        "Origin, http://localhost:8180, https://evil.example",
        "Origin, http://localhost:8180, http://localhost:8180",
        "origin, null, http://localhost:8180",
        "Sec-Fetch-Site, same-origin, cross-site",
        "Sec-Fetch-Mode, cors, navigate",
        "Referer, http://localhost:8180/, https://evil.example/",
        "Authorization, Bearer one, Bearer two"
    })
    void of_what_is_decided_by_there_must_not_be_two(String header, String one, String other) throws Exception {
        Exchange answer = send(ours().header(header, one).moreOf(header, other));

        assertThat(passed).isFalse();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").asText()).isEqualTo("invalid_request");
        assertThat(answer.text()).doesNotContain("evil", "one", "two");
    }

    @Test
    void nor_in_the_answer_that_a_providers_page_posts() throws Exception {
        Exchange answer = send(ours().header("Origin", "https://as.example")
                .moreOf("Origin", "http://localhost:8180")
                .method("POST")
                .path("/oauth/acme/callback"));

        assertThat(passed).isFalse();
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void our_own_origin_passes() throws Exception {
        send(ours().header("Origin", "http://localhost:8180"));

        assertThat(passed).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"same-origin, true", "same-site, false", "cross-site, false", "none, false", "-, false"})
    void an_origin_of_null_is_ours_only_if_the_browser_says_so(String site, boolean passes) throws Exception {
        Exchange exchange = ours().header("Origin", "null");
        if (site != null) {
            exchange.header("Sec-Fetch-Site", site);
        }
        send(exchange);

        assertThat(passed).isEqualTo(passes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://as.example", "null"})
    void the_answer_that_a_providers_page_posts_passes(String origin) throws Exception {
        send(ours().header("Origin", origin)
                .header("Sec-Fetch-Site", "cross-site")
                .method("POST")
                .path("/oauth/acme-2/callback"));

        assertThat(passed).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /oauth/acme/callback",
        "PUT, /oauth/acme/callback",
        "OPTIONS, /oauth/acme/callback",
        "post, /oauth/acme/callback",
        "POST, /oauth/acme/login",
        "POST, /oauth/acme/refresh",
        "POST, /oauth/acme/callback/",
        "POST, /oauth/acme/callback;x",
        "POST, /oauth/acme/callback/../refresh",
        "POST, /oauth/acme/refresh/callback",
        "POST, /oauth//callback",
        "POST, /oauth/callback",
        "POST, /oauth/-/callback",
        "POST, /oauth/ACME/callback",
        "POST, /oauth/%61cme/callback",
        "POST, /oauth/acme%2Frefresh/callback",
        "POST, //oauth/acme/callback",
        "POST, /x/oauth/acme/callback",
        "POST, /"
    })
    void nothing_else_of_a_foreign_origin_does(String method, String path) throws Exception {
        Exchange answer = send(
                ours().header("Origin", "https://as.example").method(method).path(path));

        assertThat(passed).isFalse();
        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void to_a_foreign_host_not_even_that_passes() throws Exception {
        assertThat(send(new Exchange()
                                .header("Host", "evil.example")
                                .method("POST")
                                .path("/oauth/acme/callback"))
                        .status())
                .isEqualTo(421);
        assertThat(passed).isFalse();
    }

    @Test
    void whose_body_is_not_read_is_told_that_the_connection_closes() throws Exception {
        assertThat(send(new Exchange().header("Host", "evil.example").body("{}"))
                        .answered("Connection"))
                .hasValue("close");
        assertThat(send(new Exchange().header("Host", "evil.example")).answered("Connection"))
                .isEmpty();
    }
}
