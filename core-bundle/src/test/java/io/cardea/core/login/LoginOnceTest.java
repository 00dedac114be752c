package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A login completes at most once. */
class LoginOnceTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private LoginSetup setup;

    @BeforeEach
    void open() {
        setup = new LoginSetup(osgi.context());
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void of_fifty_equal_callbacks_at_once_one_succeeds_and_one_asks_the_provider() throws Exception {
        String state = setup.begin().state();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService browsers = Executors.newFixedThreadPool(50);
        try {
            List<Future<CompletionStage<CompletedLogin>>> callbacks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                callbacks.add(browsers.submit(() -> {
                    start.await();
                    return setup.complete("code", "c", "state", state);
                }));
            }
            start.countDown();
            int succeeded = 0;
            for (Future<CompletionStage<CompletedLogin>> callback : callbacks) {
                CompletionStage<CompletedLogin> completion = callback.get();
                try {
                    await(completion);
                    succeeded++;
                } catch (OAuthException refused) {
                    assertThat(refused.error()).isEqualTo(OAuthError.INVALID_REQUEST);
                }
            }
            assertThat(succeeded).isEqualTo(1);
            assertThat(setup.acme.exchanged).hasSize(1);
        } finally {
            browsers.shutdownNow();
        }
    }

    @Test
    void a_login_cannot_be_completed_again() {
        String state = setup.begin().state();
        await(setup.complete("code", "c", "state", state));

        failure(setup.complete("code", "c", "state", state), OAuthError.INVALID_REQUEST);
        failure(setup.complete("code", "another", "state", state), OAuthError.INVALID_REQUEST);
        assertThat(setup.acme.exchanged).hasSize(1);
    }

    @Test
    void a_login_is_consumed_before_the_provider_is_asked() {
        String state = setup.begin().state();
        setup.acme.exchange(code -> new CompletableFuture<>());
        setup.complete("code", "c", "state", state);

        failure(setup.complete("code", "c", "state", state), OAuthError.INVALID_REQUEST);
        eventually(() -> setup.acme.exchanged.size() == 1);
    }

    @Test
    void a_login_whose_exchange_fails_cannot_be_tried_again() {
        String state = setup.begin().state();
        setup.acme.exchange(
                code -> CompletableFuture.failedFuture(new ProviderException("invalid_grant", "no such code")));
        failure(setup.complete("code", "c", "state", state), OAuthError.PROVIDER_ERROR);

        failure(setup.complete("code", "c", "state", state), OAuthError.INVALID_REQUEST);
        assertThat(setup.acme.exchanged).hasSize(1);
        assertThat(setup.connections.list()).isEmpty();
    }

    @Test
    void an_error_consumes_the_login() {
        String state = setup.begin().state();
        failure(setup.complete("error", "access_denied", "state", state), OAuthError.ACCESS_DENIED);

        failure(setup.complete("code", "c", "state", state), OAuthError.INVALID_REQUEST);
        assertThat(setup.acme.exchanged).isEmpty();
    }

    @Test
    void an_answer_of_another_issuer_consumes_the_login() {
        String state = setup.begin().state();
        failure(setup.complete("code", "c", "state", state, "iss", "https://evil.example"), OAuthError.INVALID_REQUEST);

        failure(setup.complete("code", "c", "state", state, "iss", "https://as.example"), OAuthError.INVALID_REQUEST);
        assertThat(setup.acme.exchanged).isEmpty();
    }

    @Test
    void a_login_that_ends_while_two_callbacks_wait_for_the_provider_still_completes_at_most_once() {
        String state = setup.begin().state();
        setup.clock.pass(LoginSetup.LIFETIME);
        List<CompletableFuture<ServerMetadata>> asked = new ArrayList<>();
        setup.acme.metadata(() -> {
            CompletableFuture<ServerMetadata> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        });
        setup.complete("code", "c", "state", state);
        setup.complete("code", "c", "state", state);

        for (CompletableFuture<ServerMetadata> answer : asked) {
            setup.clock.pass(Duration.ofSeconds(2));
            answer.complete(TestProvider.metadata("https://as.example"));
        }
        assertThat(asked).hasSize(2);
        assertThat(setup.acme.exchanged).hasSizeLessThanOrEqualTo(1);
    }
}
