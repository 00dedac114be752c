package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Refreshes of one connection at the same time, and what may happen to it meanwhile. */
class RefreshTogetherTest {

    private static final int CALLERS = 200;

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final CompletableFuture<Credential> upstream = new CompletableFuture<>();
    private ConnectionSetup setup;
    private ConnectionService connections;

    @BeforeEach
    void open() {
        setup = new ConnectionSetup(osgi.context());
        connections = setup.connections;
        setup.logIn();
    }

    @AfterEach
    void close() {
        setup.close();
    }

    /** Calls from as many threads, all at once. */
    private static List<CompletionStage<AccessToken>> together(Supplier<CompletionStage<AccessToken>> call)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<CompletionStage<AccessToken>>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                calls.add(threads.submit(() -> {
                    start.await();
                    return call.get();
                }));
            }
            start.countDown();
            List<CompletionStage<AccessToken>> stages = new ArrayList<>();
            for (Future<CompletionStage<AccessToken>> made : calls) {
                stages.add(made.get());
            }
            return stages;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void two_hundred_callers_cause_one_request_and_get_the_same_answer() throws Exception {
        setup.acme.refresh(credential -> upstream);
        List<CompletionStage<AccessToken>> callers = together(() -> connections.refreshWith("acme", "refresh-1"));
        upstream.complete(setup.credential("access-2", "refresh-2", 3600));

        assertThat(callers.stream().map(stage -> await(stage)).distinct())
                .singleElement()
                .satisfies(token -> {
                    assertThat(token.value()).isEqualTo("access-2");
                    assertThat(token.refreshToken()).hasValue("refresh-2");
                });
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void two_hundred_callers_with_an_expired_token_cause_one_request_however_fast_the_provider_is() throws Exception {
        for (int round = 2; round < 12; round++) {
            setup.expire();
            String next = "access-" + round;
            setup.acme.refreshed.clear();
            setup.acme.refresh(credential -> completedFuture(setup.credential(next, "refresh-" + next, 3600)));

            assertThat(together(() -> connections.accessToken("acme", "default")).stream()
                            .map(stage -> await(stage).value())
                            .distinct())
                    .containsExactly(next);
            assertThat(setup.acme.refreshed).hasSize(1);
        }
    }

    @Test
    void two_hundred_callers_ask_a_provider_that_fails_once_however_fast_it_is() throws Exception {
        setup.acme.refresh(credential -> failedFuture(new ProviderException("provider_error", "no")));
        setup.expire();
        for (int round = 0; round < 20; round++) {
            setup.acme.refreshed.clear();
            together(() -> connections.accessToken("acme", "default"))
                    .forEach(caller -> failure(caller, OAuthError.PROVIDER_ERROR));
            assertThat(setup.acme.refreshed).hasSize(1);
            setup.clock.pass(Duration.ofMinutes(5));
        }
    }

    @Test
    void a_failure_is_everybodys_and_who_comes_later_tries_again() throws Exception {
        setup.acme.refresh(credential -> upstream);
        List<CompletionStage<AccessToken>> callers = together(() -> connections.refresh("acme", "default"));
        upstream.completeExceptionally(new ProviderException("provider_error", "no"));

        callers.forEach(caller -> failure(caller, OAuthError.PROVIDER_ERROR));
        assertThat(setup.acme.refreshed).hasSize(1);

        setup.acme.refresh(credential -> completedFuture(Credential.bearer("access-2")));
        setup.clock.pass(Duration.ofSeconds(1));
        await(connections.refresh("acme", "default"));
    }

    @Test
    void a_caller_that_leaves_does_not_cancel_the_refresh() {
        setup.acme.refresh(credential -> upstream);
        CompletionStage<AccessToken> first = connections.refresh("acme", "default");
        CompletionStage<AccessToken> second = connections.refresh("acme", "default");
        first.toCompletableFuture().cancel(true);
        upstream.complete(Credential.bearer("access-2"));

        assertThat(await(second).value()).isEqualTo("access-2");
        assertThat(await(connections.accessToken("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void the_new_credential_is_stored_before_anybody_gets_it() {
        setup.acme.refresh(credential -> upstream);
        CompletionStage<String> storedWhenTold = connections
                .refresh("acme", "default")
                .thenCompose(told -> connections.accessToken("acme", "default"))
                .thenApply(AccessToken::value);
        upstream.complete(Credential.bearer("access-2"));

        assertThat(await(storedWhenTold)).isEqualTo("access-2");
    }

    @Test
    void a_credential_that_cannot_be_stored_is_given_to_nobody() {
        setup.store.beforeNextWrite(() -> {
            throw new IOException("the disk is full");
        });
        failure(connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);

        await(connections.refresh("acme", "default"));
    }

    @Test
    void a_store_that_breaks_does_not_block_the_connection_for_ever() {
        setup.store.afterNextRead(() -> setup.store.afterNextRead(() -> {
            throw new IllegalStateException("a fault of the store");
        }));
        assertThatThrownBy(() -> await(connections.refreshWith("acme", "refresh-1")))
                .hasMessage("a fault of the store");

        assertThat(await(connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void a_revoked_connection_is_not_brought_back_by_a_refresh_under_way() {
        setup.acme.refresh(credential -> upstream);
        CompletionStage<AccessToken> refresh = connections.refresh("acme", "default");
        await(connections.revoke("acme", "default"));
        upstream.complete(setup.credential("access-2", "refresh-2", 3600));

        failure(refresh, OAuthError.NOT_CONNECTED);
        assertThat(connections.list()).isEmpty();
        eventually(() -> setup.acme.revoked.size() == 2);
        assertThat(setup.acme.revoked)
                .extracting(Credential::accessToken)
                .as("nobody holds what the refresh brought")
                .containsExactly("access-1", "access-2");
    }

    @Test
    void a_login_during_a_refresh_wins() {
        setup.acme.refresh(credential -> upstream);
        CompletionStage<AccessToken> refresh = connections.refresh("acme", "default");
        setup.logIn(setup.credential("access-login", "refresh-login", 3600));
        upstream.complete(setup.credential("access-2", "refresh-2", 3600));

        assertThat(await(refresh).value()).isEqualTo("access-login");
        assertThat(await(connections.accessToken("acme", "default")).value()).isEqualTo("access-login");
        assertThat(setup.acme.revoked)
                .as("revoking one token may end the new login's grant as well")
                .isEmpty();
    }

    @Test
    void a_login_during_a_refresh_that_is_refused_for_good_wins() {
        setup.acme.refresh(credential -> upstream);
        CompletionStage<AccessToken> refresh = connections.refresh("acme", "default");
        setup.logIn(setup.credential("access-login", "refresh-login", 3600));
        upstream.completeExceptionally(new ProviderException("invalid_grant", "used"));

        assertThat(await(refresh).value()).isEqualTo("access-login");
        setup.acme.refresh(credential -> completedFuture(Credential.bearer("access-3")));
        assertThat(await(connections.refresh("acme", "default")).value()).isEqualTo("access-3");
    }

    @Test
    void who_comes_just_after_a_refusal_is_refused_as_well() {
        setup.acme.refresh(credential -> failedFuture(new ProviderException("invalid_grant", "revoked")));
        // Another caller's whole refresh happens after this one's look and before its turn.
        setup.store.afterNextRead(
                () -> failure(connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED));

        failure(connections.refreshWith("acme", "refresh-1"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void who_comes_just_after_a_refresh_gets_its_result() {
        setup.store.afterNextRead(() -> await(connections.refresh("acme", "default")));

        assertThat(await(connections.refreshWith("acme", "refresh-1")).value()).isEqualTo("access-2");
        assertThat(setup.acme.refreshed).hasSize(1);
    }
}
