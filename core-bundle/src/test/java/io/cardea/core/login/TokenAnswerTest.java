package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.RawServer;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a login makes of a token endpoint that answers badly, or not. */
class TokenAnswerTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private HostileSetup login;

    @BeforeEach
    void open() throws IOException {
        login = new HostileSetup(osgi.context());
        // Nothing but the access token is expected, so that nothing else can be what is missed.
        login.configure(Map.of("scope", "email"));
    }

    @AfterEach
    void close() {
        login.assertNoSecretIn(log);
        login.close();
    }

    private void answer(String body) {
        login.server.answer("/token", Answer.json(200, body));
    }

    @Test
    void an_access_token_is_all_that_must_be_there() {
        answer("{\"access_token\":\"the-access-token\"}");

        login.logIn();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"the-access-token\"",
                "<html>the-access-token</html>",
                "access_token=the-access-token&token_type=bearer",
                "{}",
                "{\"token_type\":\"Bearer\"}",
                "{\"access_token\":null}",
                "{\"access_token\":\"\"}",
                "{\"access_token\":{}}",
                "{\"access_token\":[\"the-access-token\"]}",
                "{\"access_token\":\"the-access-token\"",
                "{\"access_token\":\"the-access-token\"}{}",
                "{\"access_token\":\"a\",\"access_token\":\"the-access-token\"}",
                "{\"access_token\":\"the-access-token\\u0000\"}",
                "{\"access_token\":\"the-access-token\\r\\nX: y\"}",
                "{\"access_token\":\"the-access-token\",\"refresh_token\":\"the-refresh-token\\n\"}",
                "{\"access_token\":\"the-access-token\",\"token_type\":\"the-access-token \\u001b[2J\"}"
            })
    void an_answer_that_is_no_token_is_a_provider_error(String body) {
        answer(body);

        assertThat(login.refusedLogin(OAuthError.PROVIDER_ERROR)).hasMessageNotContaining("the-access-token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | text/html | <html>the-access-token</html> | 200 and text/html: the answer is not well-formed JSON",
                "200 | application/json | '' | 200 and application/json: the answer is empty",
                "200 | application/json; x=the-access-token | [] | 200 and application/json: the answer is not a JSON object",
                "200 | the-access-token/x | {} | 200 and an unusual content type: the answer has no access_token",
                "200 | text/plain | {\"error\":\"invalid_grant\"} | 200 and text/plain: refused (invalid_grant)",
                "200 | text/plain | {\"error\":\"the-access-token\"} | 200 and text/plain: the authorization server refused",
                "502 | text/html | <html>the-access-token</html> | 502 and text/html: the authorization server answered"
            })
    void an_operator_finds_in_the_log_what_was_wrong_with_an_answer_and_nothing_of_it(
            int status, String type, String body, String told) {
        login.server.answer("/token", new Answer(status, type, body));
        login.refusedLogin(OAuthError.PROVIDER_ERROR);

        assertThat(log.text()).containsOnlyOnce("Provider acme: 127.0.0.1 answered with HTTP status " + told);
    }

    @Test
    void an_answer_that_is_nested_too_deep_is_a_provider_error() {
        String nest = "[".repeat(20) + "]".repeat(20);
        answer("{\"access_token\":\"the-access-token\",\"x\":" + nest + "}");
        login.refusedLogin(OAuthError.PROVIDER_ERROR);

        answer("{\"access_token\":\"the-access-token\",\"x\":" + "[".repeat(400_000));
        failure(login.complete(login.consent()), OAuthError.PROVIDER_ERROR);
    }

    @Test
    void an_answer_without_end_is_a_provider_error() {
        answer("{\"access_token\":\"the-access-token\",\"x\":\"" + "x".repeat(1024 * 1024) + "\"}");

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
    }

    @Test
    void a_200_with_an_error_in_it_is_that_error_and_no_token() {
        answer("{\"error\":\"invalid_grant\",\"access_token\":\"the-access-token\"}");

        assertThat(login.refusedLogin(OAuthError.PROVIDER_ERROR))
                .hasMessage(
                        "The provider refused the code (invalid_grant): it has expired or was used already. Start the login again");
    }

    @Test
    void an_error_that_quotes_what_it_was_sent_is_not_repeated() {
        login.server.answer(
                "/token",
                request -> Answer.json(
                        400,
                        "{\"error\":\"" + request.form().get("code") + "\",\"error_description\":\""
                                + request.form().get("client_secret") + "\"}"));

        assertThat(login.refusedLogin(OAuthError.PROVIDER_ERROR))
                .hasMessageNotContaining("the-code")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void no_secret_follows_a_redirect(int status) throws IOException {
        try (LocalServer elsewhere = new LocalServer()) {
            login.server.answer("/token", Answer.redirect(status, elsewhere.url("/stolen")));

            login.refusedLogin(OAuthError.PROVIDER_ERROR);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void a_server_that_hangs_is_a_timeout_and_is_not_asked_again() {
        Map<String, String> answer = login.consent();
        login.server.hangAt("/token");

        login.setup.services.impatiently(() -> failure(login.complete(answer), OAuthError.PROVIDER_TIMEOUT));
        login.assertNothingStored();
        failure(login.complete(answer), OAuthError.INVALID_REQUEST);
        eventually(() -> !login.server.requests("/token").isEmpty());
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void a_server_that_trickles_is_a_timeout() throws IOException {
        try (RawServer trickling = new RawServer(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{".getBytes(US_ASCII));
            while (true) {
                out.write(' ');
                out.flush();
                LockSupport.parkNanos(5_000_000);
            }
        })) {
            login.configure(Map.of("scope", "email", "token_endpoint", trickling.url()));

            Map<String, String> answer = login.consent();
            login.setup.services.impatiently(() -> failure(login.complete(answer), OAuthError.PROVIDER_TIMEOUT));
            login.assertNothingStored();
            eventually(() -> trickling.connections() > 0);
            assertThat(trickling.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_connection_that_breaks_is_a_provider_error_and_the_code_is_not_sent_again() throws IOException {
        try (RawServer breaking = new RawServer(out -> out.close())) {
            login.configure(Map.of("scope", "email", "token_endpoint", breaking.url()));

            failure(login.complete(login.consent()), OAuthError.PROVIDER_ERROR);
            login.assertNothingStored();
            assertThat(breaking.connections()).isEqualTo(1);
        }
    }
}
