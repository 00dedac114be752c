package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.seal.VaultKey;
import io.cardea.core.vault.StoredConnection;
import io.cardea.core.vault.Vault;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Refreshes while something else goes wrong: threads, stores, keys, discovery. */
class RefreshFaultsTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path data;

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

    /** Blocks all threads of the provider acme; they go on when the latch is counted down, and are gone when this returns. */
    private void whileAllThreadsAreBusy(Runnable test) throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(4);
        ServingProvider acme = setup.services.serving("acme");
        for (int i = 0; i < 4; i++) {
            acme.call("profile", (provider, context) -> {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
                return completedFuture(Profile.UNKNOWN);
            });
        }
        setup.services.impatiently(test);
        released.countDown();
        done.await();
        // Another call comes behind any that is not to be made.
        await(acme.call("profile", (provider, context) -> completedFuture(Profile.UNKNOWN)));
    }

    @Test
    void a_refresh_that_timed_out_before_a_thread_took_it_is_not_sent_behind_everybodys_back() throws Exception {
        whileAllThreadsAreBusy(
                () -> failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_TIMEOUT));

        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void a_refresh_in_doubt_that_no_thread_took_was_not_sent_and_is_tried_again() throws Exception {
        setup.dieInARefresh();
        setup.acme.refreshed.clear();
        whileAllThreadsAreBusy(
                () -> failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_TIMEOUT));
        assertThat(setup.acme.refreshed).isEmpty();
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void a_refresh_that_failed_is_no_success_for_who_looked_a_moment_before() {
        setup.expire();
        setup.acme.refresh(credential -> failedFuture(new ProviderException("provider_error", "no")));
        setup.store.afterNextRead(
                () -> failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR));

        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
    }

    @Test
    void a_failure_that_is_told_to_who_looked_a_moment_before_counts_once() {
        List<Event> told = new CopyOnWriteArrayList<>();
        setup.events.subscribe(Events.FROM_NOW, told::add);
        setup.acme.refresh(credential -> failedFuture(new ProviderException("provider_error", "no")));
        setup.store.afterNextRead(
                () -> failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR));
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);

        assertThat(setup.acme.refreshed).hasSize(1);
        assertThat(told).hasSize(1);
    }

    /** Whoever finds no refresh under way must find how the last one ended. */
    @Test
    void a_failure_is_known_before_the_next_refresh_can_begin() {
        setup.acme.refresh(credential -> failedFuture(new ProviderException("provider_error", "no")));
        setup.expire();
        AtomicBoolean looked = new AtomicBoolean();
        setup.connections.stop();
        setup.restartOn(setup.store, () -> {
            boolean ended = !setup.acme.refreshed.isEmpty() && !looked.getAndSet(true);
            if (ended && state() != ConnectionState.REFRESHING) {
                failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR);
            } else if (ended) {
                looked.set(false);
            }
            return setup.clock.instant();
        });
        failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR);
        failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_ERROR);

        assertThat(setup.acme.refreshed).hasSize(1);
    }

    private ConnectionState state() {
        return setup.connections.find("acme", "default").orElseThrow().state();
    }

    @Test
    void a_store_that_throws_anything_loses_no_rotated_token() {
        setup.acme.refresh(credential -> {
            setup.store.beforeNextWrite(() -> {
                throw new IllegalStateException("the pool is exhausted");
            });
            return completedFuture(setup.credential("access-2", "refresh-2", 3600));
        });
        assertThat(setup.connections.refresh("acme", "default").toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10));

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void a_store_whose_classes_have_gone_loses_no_rotated_token_either() {
        setup.acme.refresh(credential -> {
            setup.store.beforeNextWrite(() -> {
                throw new NoClassDefFoundError("Something");
            });
            return completedFuture(setup.credential("access-2", "refresh-2", 3600));
        });
        assertThat(setup.connections.refresh("acme", "default").toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10));

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void an_error_ends_one_refresh_and_not_all_that_follow() {
        setup.store.beforeNextWrite(() -> {
            throw new NoClassDefFoundError("Something");
        });
        assertThat(setup.connections.refresh("acme", "default").toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10));

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void a_discovery_that_fails_has_nothing_to_do_with_a_token_in_doubt() {
        setup.dieInARefresh();
        setup.acme.metadata(() -> failedFuture(new ProviderException("provider_error", "no metadata")));
        for (int i = 0; i < 3; i++) {
            failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
        }
        setup.acme.metadata(TestProvider.metadata("https://as.example"));
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));

        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");
    }

    @Test
    void a_credential_that_is_written_while_the_vaults_key_changes_opens_afterwards() {
        HookedStore store = new HookedStore();
        Vault vault = new Vault(store, VaultKey.of(data, store));
        vault.write(stored(1));
        CompletableFuture<Void> change = new CompletableFuture<>();
        store.beforeNextWrite(() -> {
            CompletableFuture.runAsync(vault::changeKey).thenRun(() -> change.complete(null));
            // It waits for this write; did it not, it would be over long before.
            assertThat(change).failsWithin(Duration.ofMillis(500));
        });
        vault.write(stored(2));
        change.join();

        assertThat(vault.read(ConnectionSetup.KEY)).hasValue(stored(2));
    }

    private static StoredConnection stored(long version) {
        return new StoredConnection(
                ConnectionSetup.KEY,
                version,
                Credential.bearer("access"),
                Profile.UNKNOWN,
                "",
                Instant.EPOCH,
                Optional.empty(),
                false);
    }
}
