package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ProviderServices;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;
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

class RefreshTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ConnectionSetup setup;
    private ConnectionService connections;

    @BeforeEach
    void open() {
        setup = new ConnectionSetup(osgi.context());
        connections = setup.connections;
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void a_refresh_brings_a_new_access_token() {
        setup.logIn();
        setup.clock.pass(Duration.ofSeconds(5));
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 1800)));
        AccessToken token = await(connections.refresh("acme", "default"));

        assertThat(token.value()).isEqualTo("access-2");
        assertThat(token.key()).isEqualTo(ConnectionSetup.KEY);
        assertThat(token.refreshToken())
                .as("not for those who know the name alone")
                .isEmpty();
        assertThat(setup.acme.refreshed).containsExactly(setup.credential("access-1", "refresh-1", 3595));
        Connection connection = connections.list().get(0);
        assertThat(connection.refreshedAt()).hasValue(setup.clock.instant());
        assertThat(connection.expiresAt()).hasValue(setup.clock.instant().plusSeconds(1800));
        assertThat(connection.account()).hasValue("ada@example.org");
    }

    @Test
    void what_the_answer_lacks_stays_as_it_was() {
        setup.logIn();
        await(connections.refresh("acme", "default"));
        await(connections.refresh("acme", "default"));

        Credential sent = setup.acme.refreshed.get(1);
        assertThat(sent.accessToken()).isEqualTo("access-2");
        assertThat(sent.refreshToken()).hasValue("refresh-1");
        assertThat(sent.idToken()).hasValue("id-token");
        assertThat(sent.scopes()).containsExactly("email", "repo");
        assertThat(sent.attributes()).containsEntry("team", "a");
        assertThat(sent.expiresAt()).as("the old end is not the new token's").isEmpty();
    }

    @Test
    void a_refresh_token_that_was_replaced_is_not_sent_again() {
        setup.logIn();
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));
        await(connections.refresh("acme", "default"));
        await(connections.refresh("acme", "default"));

        assertThat(setup.acme.refreshed)
                .extracting(Credential::refreshToken)
                .containsExactly(Optional.of("refresh-1"), Optional.of("refresh-2"));
    }

    @Test
    void who_shows_the_refresh_token_gets_the_next_one() {
        setup.logIn();
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));
        AccessToken token = await(connections.refreshWith("acme", "refresh-1"));

        assertThat(token.value()).isEqualTo("access-2");
        assertThat(token.refreshToken()).hasValue("refresh-2");
        assertThat(token.toString()).doesNotContain("access-2", "refresh-2");
    }

    @Test
    void a_refresh_token_that_the_vault_does_not_know_is_refused_without_a_call() {
        setup.services.publish(new TestProvider("other"));
        setup.logIn();
        setup.logIn(new ConnectionKey("other", "default"), setup.credential("access-9", "refresh-9", 3600));

        for (String unknown : new String[] {"", "refresh", "refresh-11", "REFRESH-1", "access-1", "refresh-9"}) {
            assertThat(failure(connections.refreshWith("acme", unknown), OAuthError.INVALID_GRANT))
                    .hasMessageNotContaining("refresh-");
        }
        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void there_is_nothing_to_refresh_before_a_login() {
        failure(connections.refresh("acme", "default"), OAuthError.NOT_CONNECTED);
        failure(connections.refresh("nobody", "default"), OAuthError.UNKNOWN_PROVIDER);
        failure(connections.refreshWith("nobody", "refresh-1"), OAuthError.UNKNOWN_PROVIDER);
        failure(connections.refresh("No Name", "default"), OAuthError.INVALID_REQUEST);
        failure(connections.refresh("acme", "a/b"), OAuthError.INVALID_REQUEST);
    }

    @Test
    void without_a_refresh_token_a_person_must_log_in_again() {
        setup.logIn(Credential.bearer("access-1"));

        failure(connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void invalid_grant_ends_the_credential_until_somebody_logs_in() {
        setup.logIn();
        setup.acme.refresh(credential -> failedFuture(new ProviderException("invalid_grant", "revoked")));
        failure(connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);

        setup.expire();
        failure(connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        failure(connections.refreshWith("acme", "refresh-1"), OAuthError.REAUTHORIZATION_REQUIRED);
        failure(connections.accessToken("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(setup.acme.refreshed).as("the provider is asked once only").hasSize(1);
        assertThat(connections.list()).as("nothing is deleted").hasSize(1);

        setup.acme.refresh(credential -> completedFuture(Credential.bearer("access-3")));
        setup.logIn();
        assertThat(await(connections.refresh("acme", "default")).value()).isEqualTo("access-3");
    }

    static Stream<Arguments> passing() {
        return Stream.of(
                Arguments.of("a status of 500", told("provider_error"), OAuthError.PROVIDER_ERROR),
                Arguments.of("a time-out", told("provider_timeout"), OAuthError.PROVIDER_TIMEOUT),
                Arguments.of("invalid_client", told("invalid_client"), OAuthError.PROVIDER_ERROR),
                Arguments.of("unauthorized_client", told("unauthorized_client"), OAuthError.PROVIDER_ERROR),
                Arguments.of("invalid_grant by another name", told("Invalid_Grant"), OAuthError.PROVIDER_ERROR),
                Arguments.of(
                        "no answer",
                        (Supplier<CompletionStage<Credential>>) CompletableFuture::new,
                        OAuthError.PROVIDER_TIMEOUT),
                Arguments.of("null", (Supplier<CompletionStage<Credential>>) () -> null, OAuthError.PROVIDER_ERROR),
                Arguments.of(
                        "a fault that speaks of invalid_grant",
                        (Supplier<CompletionStage<Credential>>) () -> {
                            throw new IllegalStateException("invalid_grant");
                        },
                        OAuthError.PROVIDER_ERROR));
    }

    private static Supplier<CompletionStage<Credential>> told(String error) {
        return () -> failedFuture(new ProviderException(error, "no"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passing")
    void any_other_failure_passes(String name, Supplier<CompletionStage<Credential>> answer, OAuthError error) {
        setup.logIn();
        setup.acme.refresh(credential -> answer.get());
        if (error == OAuthError.PROVIDER_TIMEOUT) {
            setup.services.impatiently(() -> failure(connections.refresh("acme", "default"), error));
        } else {
            failure(connections.refresh("acme", "default"), error);
        }
        assertThat(await(connections.accessToken("acme", "default")).value())
                .as("the old access token is good for an hour")
                .isEqualTo("access-1");

        setup.acme.refresh(credential -> completedFuture(Credential.bearer("access-2")));
        setup.clock.pass(Duration.ofSeconds(1));
        assertThat(await(connections.refresh("acme", "default")).value()).isEqualTo("access-2");
        assertThat(setup.acme.refreshed).extracting(Credential::refreshToken).containsOnly(Optional.of("refresh-1"));
    }

    @Test
    void a_provider_that_is_away_is_waited_for() {
        setup.logIn();
        setup.registration.unregister();
        failure(connections.refresh("acme", "default"), OAuthError.PROVIDER_UNAVAILABLE);
        failure(connections.refreshWith("acme", "refresh-1"), OAuthError.PROVIDER_UNAVAILABLE);
        assertThat(await(connections.accessToken("acme", "default")).value()).isEqualTo("access-1");

        setup.services.publish(setup.acme);
        assertThat(await(connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void a_provider_that_lacks_its_configuration_says_so() {
        setup.logIn();
        setup.acme.info(TestProvider.unavailable("acme", "Set client_id."));
        setup.registration.setProperties(ProviderServices.ranking(1));

        assertThat(failure(connections.refresh("acme", "default"), OAuthError.PROVIDER_UNAVAILABLE))
                .hasMessage("Set client_id.");
        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void a_provider_that_came_by_an_update_refreshes_what_its_predecessor_got() {
        setup.logIn();
        setup.registration.unregister();
        OAuthProvider updated =
                new TestProvider("acme").refresh(credential -> completedFuture(Credential.bearer("access-new")));
        setup.services.publish(updated);

        assertThat(await(connections.refresh("acme", "default")).value()).isEqualTo("access-new");
    }
}
