package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.NotConnectedException;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {

    private static final PublicUrl PUBLIC_URL = new PublicUrl(Optional.of("https://auth.example.org/cardea"), 8180);

    private final PrintStream console = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(log, true, UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(console);
    }

    private String log() {
        return log.toString(UTF_8);
    }

    private static Exchange write(Failure failure, Exchange exchange) throws IOException {
        failure.written(exchange.request(), new Pages(""), PUBLIC_URL).to(exchange.response());
        return exchange;
    }

    private static OAuthException told(OAuthError error) {
        return new OAuthException(error, Optional.of("acme"), "It is so.");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 400, invalid_request",
        "INVALID_GRANT, 400, invalid_grant",
        "ACCESS_DENIED, 400, access_denied",
        "UNKNOWN_PROVIDER, 404, unknown_provider",
        "UNKNOWN_FLOW, 404, unknown_flow",
        "NOT_CONNECTED, 404, not_connected",
        "REAUTHORIZATION_REQUIRED, 409, reauthorization_required",
        "SERVER_ERROR, 500, server_error",
        "PROVIDER_ERROR, 502, provider_error",
        "PROVIDER_UNAVAILABLE, 503, provider_unavailable",
        "TEMPORARILY_UNAVAILABLE, 503, temporarily_unavailable",
        "PROVIDER_TIMEOUT, 504, provider_timeout"
    })
    void every_error_has_its_status_and_its_code(OAuthError error, int status, String code) throws IOException {
        Exchange answer = write(Failure.of(new CompletionException(told(error))), new Exchange());

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().path("error").asText()).isEqualTo(code);
        assertThat(answer.json().path("error_description").asText()).isEqualTo("It is so.");
        assertThat(answer.json().path("provider").asText()).isEqualTo("acme");
        assertThat(answer.answered("Content-Type")).hasValue("application/json");
        assertThat(answer.answered("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @CsvSource({
        "default, https://auth.example.org/cardea/oauth/acme/login",
        "a@b._-, https://auth.example.org/cardea/oauth/acme/login?connection=a@b._-"
    })
    void whoever_must_log_in_again_is_told_where(String connection, String url) throws IOException {
        ConnectionKey key = new ConnectionKey("acme", connection);
        Exchange answer = write(
                Failure.of(new CompletionException(new ReauthorizationRequiredException(key, "It has ended."))),
                new Exchange());

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("error").asText()).isEqualTo("reauthorization_required");
        assertThat(answer.json().path("login_url").asText()).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource({"PROVIDER_ERROR, 119001, 120", "PROVIDER_TIMEOUT, 300, 1", "TEMPORARILY_UNAVAILABLE, 7000, 7"})
    void who_must_wait_is_told_how_long(OAuthError error, long millis, String seconds) throws IOException {
        OAuthException busy = new OAuthException(
                error,
                Optional.of("acme"),
                "It is so.",
                new RuntimeException(),
                Optional.of(Duration.ofMillis(millis)));

        assertThat(write(Failure.of(busy), new Exchange()).answered("Retry-After"))
                .hasValue(seconds);
    }

    @Test
    void whoever_has_not_logged_in_yet_is_told_where() throws IOException {
        Exchange answer =
                write(Failure.of(new NotConnectedException(new ConnectionKey("acme", "work"))), new Exchange());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("error").asText()).isEqualTo("not_connected");
        assertThat(answer.json().path("login_url").asText())
                .isEqualTo("https://auth.example.org/cardea/oauth/acme/login?connection=work");
    }

    @Test
    void nobody_else_is_sent_to_log_in() throws IOException {
        assertThat(write(Failure.of(told(OAuthError.PROVIDER_UNAVAILABLE)), new Exchange())
                        .json()
                        .has("login_url"))
                .isFalse();
    }

    @Test
    void no_error_is_without_a_status() {
        Set<Integer> statuses = new HashSet<>();
        EnumSet.allOf(OAuthError.class)
                .forEach(error -> statuses.add(Failure.of(told(error)).status()));

        assertThat(statuses).allMatch(status -> status >= 400 && status < 600);
    }

    @Test
    void a_fault_of_our_own_is_logged_and_not_told() throws IOException {
        Exchange answer = write(Failure.of(new IllegalStateException("the inside story")), new Exchange());

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.json().path("error").asText()).isEqualTo("server_error");
        assertThat(answer.text()).doesNotContain("inside", "IllegalState");
        assertThat(log()).contains("the inside story");
        assertThat(log()).contains(answer.json().path("error_id").asText());
    }

    @Test
    void a_failure_of_a_provider_is_found_again_in_the_log() throws IOException {
        Exchange answer = write(Failure.of(told(OAuthError.PROVIDER_ERROR)), new Exchange());

        String id = answer.json().path("error_id").asText();
        assertThat(id).matches("[0-9a-f]{8}");
        assertThat(log()).contains("WARN").contains(id + " /oauth/acme/somewhere: 502 provider_error (It is so.)");
    }

    @Test
    void a_fault_of_the_caller_is_not_worth_a_log_line() throws IOException {
        Exchange answer = write(Failure.of(told(OAuthError.INVALID_REQUEST)), new Exchange());

        assertThat(answer.json().has("error_id")).isFalse();
        assertThat(log()).isEmpty();
    }

    @Test
    void a_browser_gets_the_same_as_a_page() throws IOException {
        Exchange answer = write(
                Failure.of(told(OAuthError.PROVIDER_TIMEOUT)),
                new Exchange().header("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.answered("Content-Type")).hasValue("text/html;charset=utf-8");
        assertThat(answer.answered("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.answered("Referrer-Policy")).hasValue("no-referrer");
        assertThat(answer.answered("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.answered("Cache-Control")).hasValue("no-store");
        assertThat(answer.text()).contains("It is so.", "provider_timeout");
    }

    @Test
    void who_lacks_a_key_is_told_which_kind_of_key() throws IOException {
        Exchange answer =
                write(Failure.of(Refused.unauthorized("Bearer realm=\"cardea\"", "Show a key")), new Exchange());

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.answered("WWW-Authenticate")).hasValue("Bearer realm=\"cardea\"");
        assertThat(answer.json().has("provider")).isFalse();
    }

    @Test
    void whose_body_may_be_unread_is_told_that_the_connection_closes() throws IOException {
        Failure refused = Failure.of(new Refused(401, "invalid_token", "Show a key"));

        assertThat(write(refused, new Exchange().body("{}")).answered("Connection"))
                .hasValue("close");
        assertThat(write(refused, new Exchange().header("Transfer-Encoding", "chunked"))
                        .answered("Connection"))
                .hasValue("close");
        assertThat(write(refused, new Exchange()).answered("Connection")).isEmpty();
    }
}
