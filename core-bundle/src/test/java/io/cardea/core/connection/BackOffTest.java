package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a provider is left alone after a refresh that failed. */
class BackOffTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

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

    private String token() {
        return await(setup.connections.accessToken("acme", "default")).value();
    }

    private void fails(String error) {
        setup.acme.refresh(credential -> failedFuture(new ProviderException(error, "no")));
    }

    private void succeeds() {
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));
    }

    /** Says so many seconds. */
    private void isBusyFor(long seconds) {
        setup.acme.refresh(credential ->
                failedFuture(new ProviderException(ProviderException.TEMPORARILY_UNAVAILABLE, "busy", seconds)));
    }

    private Optional<Duration> toldToWait() {
        return failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR)
                .retryAfter();
    }

    @Test
    void after_a_failure_the_provider_is_left_alone_for_a_while_and_longer_each_time() {
        fails("provider_error");
        setup.expire();
        for (int i = 0; i < 20; i++) {
            failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR);
        }
        assertThat(setup.acme.refreshed).hasSize(1);

        int asked = 0;
        for (int second = 0; second < 600; second++) {
            setup.clock.pass(Duration.ofSeconds(1));
            int before = setup.acme.refreshed.size();
            failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR);
            asked += setup.acme.refreshed.size() - before;
        }
        assertThat(asked).as("in ten minutes").isBetween(6, 16);

        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));
        setup.clock.pass(Duration.ofMinutes(5));
        assertThat(token()).isEqualTo("access-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unreachable", "temporarily_unavailable", "invalid_client"})
    void a_person_who_asks_for_a_refresh_need_not_wait_where_the_refresh_token_is_certainly_as_it_was(String error) {
        fails(error);
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
        succeeds();

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @ParameterizedTest
    @CsvSource({
        "provider_timeout, PROVIDER_TIMEOUT",
        "provider_error, PROVIDER_ERROR",
        "unauthorized_client, PROVIDER_ERROR"
    })
    void nobody_sends_a_refresh_token_twice_within_the_pause_that_may_be_spent(String error, OAuthError told) {
        fails(error);
        failure(setup.connections.refresh("acme", "default"), told);
        for (int i = 0; i < 3; i++) {
            assertThat(failure(setup.connections.refresh("acme", "default"), told)
                            .retryAfter())
                    .hasValueSatisfying(
                            remaining -> assertThat(remaining).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1)));
            failure(setup.connections.refreshWith("acme", "refresh-1"), told);
        }
        assertThat(setup.acme.refreshed).hasSize(1);

        setup.clock.pass(Duration.ofSeconds(1));
        succeeds();
        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void a_login_ends_the_pause() {
        fails("provider_timeout");
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_TIMEOUT);
        setup.logIn();
        succeeds();

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void a_server_that_says_when_to_come_again_is_not_asked_before() {
        setup.expire();
        isBusyFor(120);
        assertThat(toldToWait()).hasValue(Duration.ofSeconds(120));
        succeeds();

        setup.clock.pass(Duration.ofSeconds(119));
        assertThat(failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR)
                        .retryAfter())
                .hasValueSatisfying(
                        remaining -> assertThat(remaining).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        assertThat(toldToWait()).isPresent();
        failure(setup.connections.refreshWith("acme", "refresh-1"), OAuthError.PROVIDER_ERROR);
        assertThat(setup.acme.refreshed).as("nor by somebody who insists").hasSize(1);

        setup.clock.pass(Duration.ofSeconds(2));
        assertThat(token()).isEqualTo("access-2");
    }

    @Test
    void nor_is_it_asked_before_by_the_timer() {
        token();
        setup.clock.pass(Duration.ofSeconds(3500));
        isBusyFor(60);
        toldToWait();
        setup.clock.pass(Duration.ofSeconds(59));
        setup.connections.renewAhead();

        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void a_server_that_wants_to_be_asked_soon_is_left_alone_longer_each_time_all_the_same() {
        setup.expire();
        isBusyFor(1);
        for (int second = 0; second < 600; second++) {
            setup.clock.pass(Duration.ofSeconds(1));
            failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR);
        }

        assertThat(setup.acme.refreshed.size()).as("in ten minutes").isBetween(6, 16);
    }
}
