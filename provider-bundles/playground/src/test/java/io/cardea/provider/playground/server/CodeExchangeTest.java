package io.cardea.provider.playground.server;

import static io.cardea.provider.playground.server.TestServer.error;
import static io.cardea.provider.playground.server.TestServer.refreshRequest;
import static io.cardea.provider.playground.server.TestServer.tokenRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeExchangeTest {

    private final TestServer test = new TestServer();
    private final String code = test.code(Map.of());
    private final Map<String, String> request = tokenRequest(code);

    @Test
    void a_code_gives_tokens() {
        Map<String, Object> answer = test.token(request);

        assertThat(answer)
                .containsEntry("token_type", "Bearer")
                .containsEntry("expires_in", 300L)
                .containsEntry("scope", "profile email")
                .containsKeys("access_token", "refresh_token")
                .doesNotContainKey("id_token");
        assertThat(test.works(answer)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK",
                "short",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
            })
    void a_wrong_code_verifier_is_refused(String verifier) {
        request.put("code_verifier", verifier);
        assertThat(test.error(request)).isEqualTo("invalid_grant");
    }

    @Test
    void a_code_whose_verifier_was_guessed_wrong_is_spent() {
        Map<String, String> guess = tokenRequest(code);
        guess.put("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK");
        assertThat(test.error(guess)).isEqualTo("invalid_grant");

        assertThat(test.error(request)).isEqualTo("invalid_grant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grant_type", "code", "redirect_uri", "code_verifier"})
    void a_missing_parameter_is_refused(String name) {
        request.remove(name);
        assertThat(test.error(request)).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type, password, unsupported_grant_type",
        "grant_type, client_credentials, unsupported_grant_type",
        "code, unheard-of, invalid_grant",
        "redirect_uri, https://cardea.example/oauth/playground/callback/, invalid_grant"
    })
    void a_wrong_parameter_is_refused(String name, String value, String error) {
        request.put(name, value);
        assertThat(test.error(request)).isEqualTo(error);
    }

    @Test
    void a_code_of_another_client_is_refused() {
        assertThat(error(() -> test.server.token().token(test.other, Parameters.of(request))))
                .isEqualTo("invalid_grant");
    }

    @Test
    void a_code_lives_for_a_minute() {
        test.clock.pass(Duration.ofSeconds(59));
        String younger = test.code(Map.of());
        test.clock.pass(Duration.ofSeconds(1));

        assertThat(test.error(request)).isEqualTo("invalid_grant");
        assertThat(test.works(test.token(tokenRequest(younger)))).isTrue();
    }

    @Test
    void a_reused_code_is_refused_and_ends_the_grant() {
        Map<String, Object> answer = test.token(request);

        assertThat(test.error(request)).isEqualTo("invalid_grant");

        assertThat(test.works(answer)).isFalse();
        assertThat(test.error(refreshRequest(answer))).isEqualTo("invalid_grant");
    }

    @Test
    void a_code_reused_hours_later_still_ends_the_grant() {
        Map<String, Object> answer = test.token(request);
        test.clock.pass(Duration.ofHours(5));
        Map<String, Object> refreshed = test.token(refreshRequest(answer));
        assertThat(test.works(refreshed)).isTrue();

        assertThat(test.error(request)).isEqualTo("invalid_grant");

        assertThat(test.works(refreshed)).isFalse();
    }

    @Test
    void reusing_one_code_leaves_other_grants_alone() {
        Map<String, Object> another = test.login();
        test.token(request);
        test.error(request);

        assertThat(test.works(another)).isTrue();
    }

    @Test
    void of_twenty_exchanges_at_once_one_succeeds() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            Callable<Boolean> exchange = () -> {
                try {
                    return test.token(tokenRequest(code)).containsKey("access_token");
                } catch (OAuthError refused) {
                    return false;
                }
            };
            long succeeded = 0;
            for (Future<Boolean> done : threads.invokeAll(
                    IntStream.range(0, 20).mapToObj(i -> exchange).toList())) {
                succeeded += done.get() ? 1 : 0;
            }
            assertThat(succeeded).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
