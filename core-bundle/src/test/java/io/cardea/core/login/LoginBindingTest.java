package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ProviderServices;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.ServerMetadata;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A login belongs to one browser, one provider, one server and a short time. */
class LoginBindingTest {

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

    private void assertRefused(CompletionStage<CompletedLogin> completion) {
        failure(completion, OAuthError.INVALID_REQUEST);
        assertThat(setup.acme.exchanged).as("the provider was not asked").isEmpty();
        assertThat(setup.connections.list()).isEmpty();
    }

    @Test
    void another_browser_cannot_complete_it_but_its_own_still_can() {
        String state = setup.begin().state();
        Map<String, String> own = Map.copyOf(setup.cookies);
        setup.cookies.clear();
        assertRefused(setup.complete("code", "c", "state", state));

        setup.cookies.putAll(own);
        await(setup.complete("code", "c", "state", state));
    }

    @Test
    void the_cookie_of_another_login_does_not_do() {
        String state = setup.begin().state();
        String mine = setup.cookies.keySet().iterator().next();
        setup.begin();
        setup.cookies.keySet().stream()
                .filter(id -> !id.equals(mine))
                .findFirst()
                .ifPresent(other -> setup.cookies.put(mine, setup.cookies.get(other)));

        assertRefused(setup.complete("code", "c", "state", state));
    }

    @Test
    void a_state_that_only_begins_like_the_logins_is_refused() {
        String state = setup.begin().state();
        char last = state.charAt(state.length() - 1);

        assertRefused(setup.complete("code", "c", "state", state.substring(0, state.length() - 1)));
        assertRefused(setup.complete("code", "c", "state", state + "A"));
        assertRefused(setup.complete("code", "c", "state", state.substring(0, state.length() - 1) + (char) (last ^ 1)));
        assertRefused(setup.complete("code", "c", "state", state.substring(0, 8)));
        assertRefused(setup.complete("code", "c", "state", "x"));
    }

    @Test
    void two_logins_of_one_browser_cannot_swap_their_states() {
        String first = setup.begin().state();
        String second = setup.begin().state();

        assertRefused(setup.complete("code", "c", "state", first.substring(0, 8) + second.substring(8)));
    }

    @Test
    void the_callback_of_another_provider_does_not_complete_it() {
        TestProvider other = new TestProvider("other");
        setup.services.publish(other);
        String state = setup.begin().state();

        assertRefused(setup.logins.complete(new LoginCallback(
                "other",
                LoginSetup.REDIRECT_URI,
                LoginSetup.parameters("code", "c", "state", state),
                id -> Optional.ofNullable(setup.cookies.get(id)))));
        assertThat(other.exchanged).isEmpty();
    }

    @Test
    void it_completes_in_its_last_second_and_not_in_the_next() {
        String inTime = setup.begin().state();
        String late = setup.begin().state();
        setup.clock.pass(LoginSetup.LIFETIME);
        await(setup.complete("code", "c", "state", inTime));

        setup.acme.exchanged.clear();
        setup.clock.pass(Duration.ofSeconds(1));
        assertThat(failure(setup.complete("code", "c", "state", late), OAuthError.INVALID_REQUEST))
                .hasMessageContaining("300 seconds");
        assertThat(setup.acme.exchanged).isEmpty();
    }

    @Test
    void it_survives_a_restart() {
        String state = setup.begin().state();

        await(setup.restarted().complete(setup.callback("code", "c", "state", state)));
    }

    @Test
    void it_does_not_survive_another_key() throws IOException {
        String state = setup.begin().state();
        Files.delete(setup.data.resolve("keys/vault-key"));

        assertRefused(setup.restarted().complete(setup.callback("code", "c", "state", state)));
    }

    @Test
    void that_it_has_ended_survives_a_restart_too() {
        String state = setup.begin().state();
        await(setup.complete("code", "c", "state", state));
        setup.acme.exchanged.clear();

        failure(setup.restarted().complete(setup.callback("code", "c", "state", state)), OAuthError.INVALID_REQUEST);
        assertThat(setup.acme.exchanged).isEmpty();
    }

    @Test
    void it_does_not_complete_at_another_redirect_uri() {
        String state = setup.begin().state();

        assertRefused(setup.logins.complete(new LoginCallback(
                "acme",
                "https://elsewhere.example/oauth/acme/callback",
                LoginSetup.parameters("code", "c", "state", state),
                id -> Optional.ofNullable(setup.cookies.get(id)))));
    }

    @Test
    void it_completes_with_a_provider_that_was_updated_to_the_same_server() {
        String state = setup.begin().state();
        setup.registration.unregister();
        TestProvider updated = new TestProvider("acme");
        setup.services.publish(updated);

        await(setup.complete("code", "c", "state", state));
        assertThat(updated.exchanged).hasSize(1);
        assertThat(setup.acme.exchanged).isEmpty();
    }

    static Stream<Arguments> otherServers() {
        ServerMetadata same = TestProvider.metadata("https://as.example");
        return Stream.of(
                Arguments.of(
                        "issuer",
                        new ServerMetadata(
                                Optional.of("https://evil.example"),
                                same.authorizationEndpoint(),
                                same.tokenEndpoint(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false)),
                Arguments.of(
                        "authorization endpoint",
                        new ServerMetadata(
                                same.issuer(),
                                Optional.of(URI.create("https://evil.example/authorize")),
                                same.tokenEndpoint(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false)),
                Arguments.of(
                        "token endpoint",
                        new ServerMetadata(
                                same.issuer(),
                                same.authorizationEndpoint(),
                                Optional.of(URI.create("https://evil.example/token")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false)),
                Arguments.of(
                        "no issuer any more",
                        new ServerMetadata(
                                Optional.empty(),
                                same.authorizationEndpoint(),
                                same.tokenEndpoint(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherServers")
    void it_does_not_complete_with_a_provider_that_was_updated_to_another_server(String what, ServerMetadata other) {
        String state = setup.begin().state();
        setup.acme.metadata(other);

        assertRefused(setup.complete("code", "c", "state", state));
    }

    @Test
    void it_does_not_complete_with_a_provider_that_was_updated_to_another_client() {
        String state = setup.begin().state();
        setup.acme.info(TestProvider.info("acme", "client-2"));
        setup.registration.setProperties(ProviderServices.ranking(1));

        assertRefused(setup.complete("code", "c", "state", state));
    }

    @Test
    void it_does_not_complete_when_the_provider_has_left() {
        String state = setup.begin().state();
        setup.registration.unregister();

        failure(setup.complete("code", "c", "state", state), OAuthError.UNKNOWN_PROVIDER);
        assertThat(setup.acme.exchanged).isEmpty();
    }

    @Test
    void it_completes_when_the_provider_left_and_came_back_in_time() {
        String state = setup.begin().state();
        setup.registration.unregister();
        failure(setup.complete("code", "c", "state", state), OAuthError.UNKNOWN_PROVIDER);
        setup.services.publish(setup.acme);

        await(setup.complete("code", "c", "state", state));
    }
}
