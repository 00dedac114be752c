package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a provider gave is not lost though the vault cannot take it yet. */
class RefreshOnFullDiskTest {

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

    @Test
    void what_the_disk_could_not_take_is_what_is_revoked() {
        setup.acme.refresh(credential -> {
            setup.store.beforeNextWrite(() -> {
                throw new IOException("the disk is full");
            });
            return completedFuture(setup.credential("access-2", "refresh-2", 3600));
        });
        failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);
        await(setup.connections.revoke("acme", "default"));

        assertThat(setup.acme.revoked)
                .singleElement()
                .satisfies(revoked -> assertThat(revoked.refreshToken()).hasValue("refresh-2"));
    }

    @Test
    void what_the_disk_cannot_take_is_kept_and_the_provider_is_not_asked_again() {
        setup.acme.refresh(credential -> {
            setup.store.beforeNextWrite(() -> {
                throw new IOException("the disk is full");
            });
            return completedFuture(setup.credential("access-2", "refresh-2", 3600));
        });
        failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);
        setup.store.beforeNextWrite(() -> {
            throw new IOException("the disk is still full");
        });
        failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);
        assertThat(await(setup.connections.refresh("acme", "default")).value()).isEqualTo("access-2");

        assertThat(setup.acme.refreshed).hasSize(1);
        setup.restart();
        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-2");
    }

    /** The provider has forgotten refresh-1, and the vault does not know refresh-2 yet. */
    private void refreshInVain() {
        setup.expire();
        setup.acme.refresh(credential -> {
            setup.store.full(true);
            return completedFuture(setup.credential("access-2", "refresh-2", 3600));
        });
        for (int i = 0; i < 5; i++) {
            failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);
        }
    }

    @Test
    void once_there_is_room_the_next_caller_gets_the_new_token() {
        refreshInVain();
        setup.store.full(false);

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-2");
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void once_there_is_room_it_is_written_though_nobody_calls() {
        refreshInVain();
        setup.store.full(false);
        setup.connections.renewAhead();

        setup.restart();
        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-2");
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void it_is_tried_a_last_time_when_the_service_stops() {
        refreshInVain();
        setup.store.full(false);
        HookedStore disk = setup.store;
        setup.connections.stop();
        setup.restartOn(disk);

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-2");
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void who_still_has_a_valid_token_is_served() {
        setup.acme.refresh(credential -> {
            setup.store.full(true);
            return completedFuture(setup.credential("access-2", "refresh-2", 3600));
        });
        failure(setup.connections.refresh("acme", "default"), OAuthError.SERVER_ERROR);

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-1");
    }

    @Test
    void it_is_told_once() {
        List<Event> told = new CopyOnWriteArrayList<>();
        setup.events.subscribe(Events.FROM_NOW, told::add);
        refreshInVain();
        setup.connections.renewAhead();

        assertThat(told).extracting(Event::type).containsExactly(Event.Type.CONNECTION_FAILED);
        assertThat(log.text()).containsOnlyOnce("it is kept and tried again").contains("the disk is full");
    }

    @Test
    void a_disk_that_was_full_before_the_provider_was_asked_is_looked_at_again_by_the_next_caller() {
        setup.expire();
        setup.store.full(true);
        for (int i = 0; i < 5; i++) {
            failure(setup.connections.accessToken("acme", "default"), OAuthError.SERVER_ERROR);
        }
        assertThat(setup.acme.refreshed).isEmpty();
        setup.store.full(false);

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-2");
    }
}
