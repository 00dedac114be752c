package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a token is renewed, when it is not, and what is said of it meanwhile. */
class RefreshAheadTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    /** What a provider that hangs answers; it fails at the end, so that nobody waits for it any longer. */
    private final CompletableFuture<Credential> never = new CompletableFuture<>();

    private ConnectionSetup setup;

    @BeforeEach
    void open() {
        setup = new ConnectionSetup(osgi.context());
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));
        setup.logIn();
    }

    @AfterEach
    void close() {
        never.completeExceptionally(new ProviderException("provider_error", "the test is over"));
        setup.close();
    }

    private String token(Duration minTtl) {
        return await(setup.connections.accessToken("acme", "default", minTtl)).value();
    }

    private String token() {
        return token(Duration.ofSeconds(60));
    }

    private ConnectionState state() {
        return setup.connections.find("acme", "default").orElseThrow().state();
    }

    private void fails(String error) {
        setup.acme.refresh(credential -> failedFuture(new ProviderException(error, "no")));
    }

    @Test
    void a_caller_says_how_long_the_token_must_live() {
        setup.clock.pass(Duration.ofSeconds(3000));

        assertThat(token(Duration.ofSeconds(599))).isEqualTo("access-1");
        assertThat(token(Duration.ofSeconds(600))).isEqualTo("access-2");
        setup.clock.pass(Duration.ofSeconds(1000));
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-3", "refresh-3", 3600)));
        assertThat(token(Duration.ofSeconds(3000)))
                .as("more than half is left, but not enough")
                .isEqualTo("access-3");
    }

    @Test
    void a_token_that_never_lives_as_long_is_renewed_at_half_its_life_and_not_at_each_call() {
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-short", "refresh-2", 40)));
        setup.expire();
        for (int i = 0; i < 3; i++) {
            assertThat(token()).isEqualTo("access-short");
        }
        assertThat(setup.acme.refreshed).hasSize(1);

        setup.clock.pass(Duration.ofSeconds(21));
        token();
        assertThat(setup.acme.refreshed).hasSize(2);
    }

    @Test
    void a_token_that_could_not_be_renewed_is_good_until_its_end() {
        fails("provider_error");
        setup.clock.pass(Duration.ofSeconds(3590));

        assertThat(token()).isEqualTo("access-1");
        setup.clock.pass(Duration.ofSeconds(10));
        failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR);
    }

    @Test
    void a_token_that_was_used_lately_is_renewed_before_anybody_asks_again() {
        token();
        setup.clock.pass(Duration.ofSeconds(3000));
        setup.connections.renewAhead();
        assertThat(setup.acme.refreshed).isEmpty();

        setup.clock.pass(Duration.ofSeconds(400));
        setup.connections.renewAhead();
        eventually(() -> token(Duration.ZERO).equals("access-2"));
        setup.connections.renewAhead();
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void one_that_nobody_asked_for_is_left_alone() {
        setup.clock.pass(Duration.ofSeconds(3500));
        setup.connections.renewAhead();
        assertThat(setup.acme.refreshed).isEmpty();

        token(Duration.ZERO);
        setup.clock.pass(Duration.ofSeconds(3601));
        setup.connections.renewAhead();
        assertThat(setup.acme.refreshed).as("an hour is not lately").isEmpty();
    }

    @Test
    void a_provider_that_hangs_holds_up_no_other() {
        setup.services.publish(
                new TestProvider("other").refresh(credential -> completedFuture(Credential.bearer("other-2"))));
        ConnectionKey other = new ConnectionKey("other", "default");
        setup.logIn(other, setup.credential("other-1", "other-refresh", 3600));
        setup.acme.refresh(credential -> never);
        token();
        await(setup.connections.accessToken("other", "default"));
        setup.clock.pass(Duration.ofSeconds(3500));
        setup.connections.renewAhead();

        eventually(() -> await(setup.connections.accessToken("other", "default", Duration.ZERO))
                .value()
                .equals("other-2"));
        assertThat(state()).isEqualTo(ConnectionState.REFRESHING);
    }

    @Test
    void a_provider_that_hangs_with_all_its_connections_holds_up_no_other() {
        setup.services.publish(
                new TestProvider("other").refresh(credential -> completedFuture(Credential.bearer("other-2"))));
        setup.acme.refresh(credential -> never);
        for (int i = 0; i < 40; i++) {
            ConnectionKey key = new ConnectionKey("acme", "number-" + i);
            setup.logIn(key, setup.credential("access-" + i, "refresh-" + i, 3600));
            await(setup.connections.accessToken("acme", key.connection()));
        }
        setup.logIn(new ConnectionKey("other", "default"), setup.credential("other-1", "other-refresh", 3600));
        await(setup.connections.accessToken("other", "default"));
        setup.clock.pass(Duration.ofSeconds(3500));
        setup.connections.renewAhead();
        setup.connections.renewAhead();

        eventually(() -> await(setup.connections.accessToken("other", "default", Duration.ZERO))
                .value()
                .equals("other-2"));
        assertThat(setup.acme.refreshed).as("of the 40 at once").hasSize(8);
    }

    @Test
    void the_state_tells_how_a_connection_stands() {
        assertThat(state()).isEqualTo(ConnectionState.ACTIVE);
        setup.expire();
        assertThat(state()).isEqualTo(ConnectionState.EXPIRED);
        CompletableFuture<Credential> upstream = new CompletableFuture<>();
        setup.acme.refresh(credential -> upstream);
        var refresh = setup.connections.refresh("acme", "default");
        assertThat(state()).isEqualTo(ConnectionState.REFRESHING);
        upstream.complete(setup.credential("access-2", "refresh-2", 3600));
        await(refresh);
        assertThat(state()).isEqualTo(ConnectionState.ACTIVE);
        fails("invalid_grant");
        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(state()).isEqualTo(ConnectionState.REAUTHORIZATION_REQUIRED);
    }

    @Test
    void what_happens_is_told() {
        List<String> told = new CopyOnWriteArrayList<>();
        setup.events.subscribe(
                0,
                event -> told.add(event.type().wireName() + " " + event.detail().orElse("")));
        await(setup.connections.refresh("acme", "default"));
        fails("provider_error");
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
        await(setup.connections.revoke("acme", "default"));

        assertThat(told)
                .containsExactly(
                        "connection.created ada@example.org",
                        "connection.refreshed ",
                        "connection.failed provider_error: The provider gave no OAuth answer; the log may say more",
                        "connection.removed ");
        assertThat(told.toString()).doesNotContain("access-", "refresh-");
    }

    @Test
    void who_missed_the_answer_shows_the_old_refresh_token_again_for_a_minute() {
        await(setup.connections.refreshWith("acme", "refresh-1"));

        setup.clock.pass(Duration.ofSeconds(59));
        var again = await(setup.connections.refreshWith("acme", "refresh-1"));
        assertThat(again.value()).isEqualTo("access-2");
        assertThat(again.refreshToken()).hasValue("refresh-2");
        assertThat(setup.acme.refreshed).hasSize(1);

        setup.clock.pass(Duration.ofSeconds(2));
        failure(setup.connections.refreshWith("acme", "refresh-1"), OAuthError.INVALID_GRANT);
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void a_connection_can_be_revoked_by_a_refresh_token_that_was_just_replaced() {
        await(setup.connections.refreshWith("acme", "refresh-1"));
        await(setup.connections.revokeToken("acme", "refresh-1"));

        assertThat(setup.connections.list()).isEmpty();
        assertThat(setup.acme.revoked).hasSize(1);
    }

    @Test
    void a_replaced_refresh_token_brings_nothing_of_a_connection_that_has_ended() {
        await(setup.connections.refreshWith("acme", "refresh-1"));
        fails("invalid_grant");
        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);

        failure(setup.connections.refreshWith("acme", "refresh-1"), OAuthError.REAUTHORIZATION_REQUIRED);
    }

    @Test
    void a_replaced_refresh_token_is_recognized_after_a_restart_too() {
        await(setup.connections.refresh("acme", "default"));
        setup.restart();

        assertThat(await(setup.connections.refreshWith("acme", "refresh-1")).value())
                .isEqualTo("access-2");
    }
}
