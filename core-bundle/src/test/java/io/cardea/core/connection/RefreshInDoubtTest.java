package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.SigningKeys;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refreshes whose end was not written: the process died, or the disk was full. */
class RefreshInDoubtTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static final ServerMetadata SIGNING_SERVER = new ServerMetadata(
            Optional.of("https://as.example"),
            Optional.of(URI.create("https://as.example/authorize")),
            Optional.of(URI.create("https://as.example/token")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(URI.create("https://as.example/jwks")),
            false);

    private ConnectionSetup setup;

    @BeforeEach
    void open() {
        setup = new ConnectionSetup(osgi.context());
        setup.logIn();
    }

    @AfterEach
    void close() {
        setup.close();
    }

    private long sent(String refreshToken) {
        return setup.acme.refreshed.stream()
                .filter(credential -> credential.refreshToken().equals(Optional.of(refreshToken)))
                .count();
    }

    private Credential credential(String accessToken, String refreshToken, String idToken) {
        return new Credential(
                accessToken,
                "Bearer",
                Optional.of(setup.clock.instant().plusSeconds(3600)),
                Optional.of(refreshToken),
                Optional.of(idToken),
                List.of(),
                Map.of());
    }

    private ConnectionState state() {
        return setup.connections.find("acme", "default").orElseThrow().state();
    }

    @Test
    void the_refresh_is_written_before_the_provider_is_asked() {
        setup.store.beforeNextWrite(() -> {
            assertThat(setup.acme.refreshed).isEmpty();
            throw new IOException("the disk is full");
        });

        failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);
        assertThat(setup.acme.refreshed).isEmpty();
        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void after_a_death_the_token_is_sent_once_more_and_what_it_brings_is_good() {
        setup.dieInARefresh();
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
        assertThat(sent("refresh-1")).isEqualTo(2);
        await(setup.connections.refresh("acme", "default"));
        assertThat(sent("refresh-1")).isEqualTo(2);
        assertThat(sent("refresh-2")).isEqualTo(1);
    }

    @Test
    void after_a_death_the_access_token_is_still_served() {
        setup.dieInARefresh();

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-1");
        assertThat(state()).isEqualTo(ConnectionState.ACTIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalid_grant", "provider_error", "provider_timeout"})
    void after_a_death_any_failure_of_the_second_try_wants_a_person(String error) {
        setup.dieInARefresh();
        setup.acme.refresh(credential -> failedFuture(new ProviderException(error, "no")));

        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(sent("refresh-1")).isEqualTo(2);
        assertThat(state()).isEqualTo(ConnectionState.REAUTHORIZATION_REQUIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unreachable", "temporarily_unavailable", "invalid_client"})
    void after_a_death_a_try_that_the_server_did_not_look_at_does_not_count(String error) {
        setup.dieInARefresh();
        setup.acme.refresh(credential -> failedFuture(new ProviderException(error, "no")));
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
        setup.restart();
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);

        setup.acme.refresh(credential -> failedFuture(new ProviderException("provider_error", "no")));
        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
    }

    @Test
    void after_two_deaths_the_token_is_not_sent_a_third_time() {
        setup.dieInARefresh();
        setup.acme.refreshed.clear();
        setup.dieInARefresh();
        setup.acme.refreshed.clear();

        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void a_time_out_without_a_death_passes() {
        for (int i = 0; i < 3; i++) {
            setup.acme.refresh(credential -> new CompletableFuture<>());
            setup.services.impatiently(
                    () -> failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_TIMEOUT));
            setup.clock.pass(Duration.ofMinutes(1));
        }
        assertThat(sent("refresh-1")).isEqualTo(3);
        setup.restart();
        setup.acme.refresh(credential -> failedFuture(new ProviderException("provider_error", "no")));
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);

        assertThat(state()).isEqualTo(ConnectionState.ACTIVE);
    }

    @Test
    void a_login_ends_all_doubt() {
        setup.dieInARefresh();
        setup.logIn(setup.credential("access-8", "refresh-8", 3600));
        setup.acme.refresh(credential -> failedFuture(new ProviderException("provider_error", "no")));

        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
    }

    @Test
    void a_second_try_whose_failure_could_not_be_written_is_the_last_one_all_the_same() {
        setup.dieInARefresh();
        setup.acme.refresh(credential -> {
            setup.store.full(true);
            return failedFuture(new ProviderException("provider_error", "no"));
        });
        failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);
        setup.store.full(false);

        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(sent("refresh-1")).isEqualTo(2);
        setup.restart();
        assertThat(state()).isEqualTo(ConnectionState.REAUTHORIZATION_REQUIRED);
    }

    @Test
    void a_second_try_that_the_server_did_not_look_at_does_not_count_though_that_could_not_be_written() {
        setup.dieInARefresh();
        setup.acme.refresh(credential -> {
            setup.store.full(true);
            return failedFuture(new ProviderException("unreachable", "no"));
        });
        failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);
        setup.store.full(false);
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    private void logInWithIdToken() {
        setup.acme.metadata(SIGNING_SERVER);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("https://as.example")
                .subject("42")
                .build();
        setup.logIn(
                credential("access-1", "refresh-1", SigningKeys.signed(JWSAlgorithm.RS256, SigningKeys.RSA, claims)));
    }

    @Test
    void after_a_death_an_answer_that_cannot_be_believed_wants_a_person() {
        logInWithIdToken();
        setup.dieInARefresh();
        setup.acme.refresh(credential -> completedFuture(credential("access-2", "refresh-2", "garbage")));

        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(state()).isEqualTo(ConnectionState.REAUTHORIZATION_REQUIRED);
    }

    @Test
    void after_an_answer_that_cannot_be_believed_the_token_is_not_sent_again_at_once() {
        logInWithIdToken();
        setup.acme.refresh(credential -> completedFuture(credential("access-2", "refresh-1", "garbage")));
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);

        assertThat(sent("refresh-1")).isEqualTo(1);
    }
}
