package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.Connection;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins with providers that do not do what they should. */
class FaultyProviderTest {

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

    /** What a provider may do wrong, whatever it was asked. */
    interface Fault {
        <T> CompletionStage<T> happens();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("throws", OAuthError.PROVIDER_ERROR, new Fault() {
                    @Override
                    public <T> CompletionStage<T> happens() {
                        throw new IllegalStateException();
                    }
                }),
                fault("does not link", OAuthError.PROVIDER_ERROR, new Fault() {
                    @Override
                    public <T> CompletionStage<T> happens() {
                        throw new NoSuchMethodError();
                    }
                }),
                fault("answers null", OAuthError.PROVIDER_ERROR, new Fault() {
                    @Override
                    public <T> CompletionStage<T> happens() {
                        return null;
                    }
                }),
                fault("completes with null", OAuthError.PROVIDER_ERROR, new Fault() {
                    @Override
                    public <T> CompletionStage<T> happens() {
                        return completedFuture(null);
                    }
                }),
                fault("fails", OAuthError.PROVIDER_ERROR, new Fault() {
                    @Override
                    public <T> CompletionStage<T> happens() {
                        return failedFuture(new AssertionError());
                    }
                }),
                fault("never answers", OAuthError.PROVIDER_TIMEOUT, new Fault() {
                    @Override
                    public <T> CompletionStage<T> happens() {
                        return new CompletableFuture<>();
                    }
                }));
    }

    private static Arguments fault(String name, OAuthError error, Fault fault) {
        return Arguments.of(name, error, fault);
    }

    private void assertOthersUnharmed() {
        setup.services.publish(new TestProvider("other"));
        assertThat(setup.services.registry().list()).hasSize(2);
        setup.acme.metadata(TestProvider.metadata("https://as.example"));
    }

    private void fails(Supplier<CompletionStage<?>> call, OAuthError error) {
        if (error == OAuthError.PROVIDER_TIMEOUT) {
            setup.services.impatiently(() -> failure(call.get(), error));
        } else {
            failure(call.get(), error);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_login_with_a_provider_whose_metadata_fails_does_not_begin(String name, OAuthError error, Fault fault) {
        setup.acme.metadata(fault::happens);

        fails(() -> setup.logins.begin(LoginSetup.request()), error);
        assertOthersUnharmed();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_login_with_a_provider_that_makes_no_authorization_url_does_not_begin(
            String name, OAuthError error, Fault fault) {
        setup.acme.authorizationUrl(request -> fault.happens());

        fails(() -> setup.logins.begin(LoginSetup.request()), error);
        assertOthersUnharmed();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_login_whose_code_cannot_be_exchanged_fails_and_stores_nothing(String name, OAuthError error, Fault fault) {
        String state = setup.begin().state();
        setup.acme.exchange(code -> fault.happens());

        fails(() -> setup.complete("code", "c", "state", state), error);
        assertThat(setup.connections.list()).isEmpty();
        assertOthersUnharmed();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_callback_while_the_metadata_fails_leaves_the_login_for_another_try(
            String name, OAuthError error, Fault fault) {
        String state = setup.begin().state();
        setup.acme.metadata(fault::happens);
        fails(() -> setup.complete("code", "c", "state", state), error);

        setup.acme.metadata(TestProvider.metadata("https://as.example"));
        await(setup.complete("code", "c", "state", state));
        assertThat(setup.acme.exchanged).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_login_succeeds_though_nobody_can_tell_whose_it_is(String name, OAuthError error, Fault fault) {
        String state = setup.begin().state();
        setup.acme.profile(credential -> fault.happens());
        setup.acme.exchange(code -> {
            setup.services.impatient(true);
            return completedFuture(Credential.bearer("access-1"));
        });

        Connection connection =
                await(setup.complete("code", "c", "state", state)).connection();
        assertThat(connection.account()).isEmpty();
        assertThat(connection.subject()).isEmpty();
        assertThat(setup.connections.list()).extracting(Connection::key).containsExactly(connection.key());
    }

    static Stream<Arguments> halfAnswers() {
        return Stream.of(
                Arguments.of("no access token", (Supplier<Credential>) () -> Credential.bearer(null)),
                Arguments.of("no refresh token", (Supplier<Credential>)
                        () -> new Credential("a", "Bearer", null, null, null, List.of(), Map.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("halfAnswers")
    void a_credential_with_null_in_it_is_a_fault_of_the_provider(String name, Supplier<Credential> credential) {
        String state = setup.begin().state();
        setup.acme.exchange(code -> completedFuture(credential.get()));

        failure(setup.complete("code", "c", "state", state), OAuthError.PROVIDER_ERROR);
        assertThat(setup.connections.list()).isEmpty();
    }

    @Test
    void a_profile_with_null_in_it_does_not_undo_the_login() {
        String state = setup.begin().state();
        setup.acme.profile(credential -> completedFuture(new Profile(null, null)));

        await(setup.complete("code", "c", "state", state));
        assertThat(setup.connections.list()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,x",
                "file:///etc/passwd",
                "mailto:a@b",
                "ftp://as.example/",
                "/authorize",
                "//as.example/authorize",
                "authorize?x",
                "https:/authorize",
                "https:authorize",
                "https://as.example.org:x/authorize",
                "https://as.example/authorize\r\nSet-Cookie: a=b",
                "https://as.example/authorize?a=b c",
                "https://as.example/authorize?a=b\n",
                "https://as.example/authorize?a=\u00e9",
                ""
            })
    void the_browser_is_only_ever_sent_to_a_web_page(String url) {
        setup.acme.authorizationUrl(request -> completedFuture(url));

        failure(setup.logins.begin(LoginSetup.request()), OAuthError.PROVIDER_ERROR);
    }
}
