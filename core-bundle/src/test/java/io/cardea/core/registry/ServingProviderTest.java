package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a provider does when it is called comes back as an answer or as one kind of failure. */
class ServingProviderTest {

    private static final String SECRET = "the-code-that-nobody-may-see";
    static final AuthorizationCode CODE =
            new AuthorizationCode(SECRET, "state", "http://localhost/callback", Optional.empty());

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;

    @BeforeEach
    void open() {
        services = new ProviderServices(osgi.context());
    }

    @AfterEach
    void close() {
        services.close();
    }

    private CompletableFuture<Credential> exchange(Function<AuthorizationCode, CompletionStage<Credential>> does) {
        services.publish(new TestProvider("acme").exchange(does));
        return services.serving("acme").call("exchange", (provider, context) -> provider.exchange(CODE, context));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("throws", code -> {
                    throw new IllegalStateException("cannot exchange " + code.code());
                }),
                fault("throws an error", code -> {
                    throw new StackOverflowError(code.code());
                }),
                fault("does not link", code -> {
                    throw new NoClassDefFoundError(code.code());
                }),
                fault("answers null", code -> null),
                fault("completes with null", code -> completedFuture(null)),
                fault(
                        "completes with null later",
                        code -> new CompletableFuture<Credential>().completeOnTimeout(null, 1, TimeUnit.MILLISECONDS)),
                fault("fails", code -> failedFuture(new IllegalStateException("cannot exchange " + code.code()))),
                fault("fails with an error", code -> failedFuture(new AssertionError(code.code()))),
                fault(
                        "fails in a later stage",
                        code -> completedFuture(code).thenApply(later -> {
                            throw new IllegalArgumentException(later.code());
                        })),
                fault("cancels", code -> {
                    CompletableFuture<Credential> cancelled = new CompletableFuture<>();
                    cancelled.cancel(true);
                    return cancelled;
                }));
    }

    private static Arguments fault(String name, Function<AuthorizationCode, CompletionStage<Credential>> does) {
        return Arguments.of(name, does);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_faulty_provider_is_a_provider_error_and_its_words_go_nowhere(
            String name, Function<AuthorizationCode, CompletionStage<Credential>> does) {
        OAuthException failure = failure(exchange(does), OAuthError.PROVIDER_ERROR);

        assertThat(failure.provider()).hasValue("acme");
        assertThat(trace(failure)).doesNotContain(SECRET);
        assertThat(log.text())
                .contains("Provider acme (org.apache.felix.framework")
                .contains("is faulty: exchange failed")
                .doesNotContain(SECRET);
    }

    @Test
    void a_provider_that_never_answers_times_out() {
        services.impatient(true);
        OAuthException failure = failure(exchange(code -> new CompletableFuture<>()), OAuthError.PROVIDER_TIMEOUT);

        assertThat(failure)
                .hasMessage("The provider did not answer in time")
                .satisfies(thrown -> assertThat(thrown.provider()).hasValue("acme"));
    }

    @Test
    void a_time_out_leaves_the_providers_own_stage_alone() {
        services.impatient(true);
        CompletableFuture<Credential> own = new CompletableFuture<>();
        failure(exchange(code -> own), OAuthError.PROVIDER_TIMEOUT);

        assertThat(own).isNotDone();
    }

    @Test
    void what_a_provider_knows_by_heart_needs_no_second_thread() {
        services.publish(new TestProvider("acme"));

        assertThat(services.serving("acme").callDirectly("metadata", (provider, context) -> provider.metadata(context)))
                .isCompleted();
    }

    @Test
    void an_answer_that_comes_later_comes_through() {
        CompletableFuture<Credential> later = new CompletableFuture<>();
        CompletableFuture<Credential> answer = exchange(code -> later.minimalCompletionStage());
        assertThat(answer).isNotDone();
        later.complete(Credential.bearer("token"));

        assertThat(await(answer).accessToken()).isEqualTo("token");
    }

    @Test
    void a_provider_tells_why_by_the_error_code_alone() {
        OAuthException failure = failure(
                exchange(code -> failedFuture(new ProviderException("invalid_grant", "the code is unknown"))),
                OAuthError.PROVIDER_ERROR);

        assertThat(failure)
                .hasMessage(
                        "The provider refused the code (invalid_grant): it has expired or was used already. Start the login again");
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        told -> assertThat(told.error()).isEqualTo("invalid_grant"));
        assertThat(log.text()).doesNotContain("faulty");
    }

    @Test
    void so_does_a_provider_that_throws() {
        OAuthException failure = failure(
                exchange(code -> {
                    throw new ProviderException("invalid_client", "client_id is not configured");
                }),
                OAuthError.PROVIDER_ERROR);

        assertThat(failure)
                .hasMessageStartingWith("The provider refused (invalid_client): it does not recognize Cardea.");
    }

    @Test
    void what_a_provider_says_in_its_own_words_is_not_repeated() {
        OAuthException failure = failure(
                exchange(code ->
                        failedFuture(new ProviderException(ProviderException.PROVIDER_ERROR, "no " + code.code()))),
                OAuthError.PROVIDER_ERROR);

        assertThat(failure).hasMessage("The provider gave no OAuth answer; the log may say more");
    }

    @Test
    void an_authorization_server_that_is_late_is_a_time_out() {
        failure(
                exchange(code ->
                        failedFuture(new ProviderException(ProviderException.PROVIDER_TIMEOUT, "it did not answer"))),
                OAuthError.PROVIDER_TIMEOUT);
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
