package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of connections while the bundle of their provider is away, and when it is back. */
class ProviderAwayTest {

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

    private ConnectionState state() {
        return setup.connections.find("acme", "default").orElseThrow().state();
    }

    /** Asks again and again for a token that has ended, for a quarter of an hour. */
    private void beAwayForLong() {
        setup.registration.unregister();
        setup.expire();
        for (int second = 0; second < 900; second++) {
            setup.clock.pass(Duration.ofSeconds(1));
            OAuthException away =
                    failure(setup.connections.accessToken("acme", "default"), OAuthError.PROVIDER_UNAVAILABLE);
            assertThat(away).hasMessageContaining("not here");
        }
        assertThat(state()).isEqualTo(ConnectionState.PROVIDER_UNAVAILABLE);
    }

    @Test
    void tokens_that_have_not_ended_are_served() {
        setup.registration.unregister();
        setup.clock.pass(Duration.ofSeconds(3595));

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-1");
        assertThat(state()).isEqualTo(ConnectionState.ACTIVE);
    }

    @Test
    void one_that_comes_back_is_asked_by_the_next_caller_however_long_it_was_away() {
        beAwayForLong();
        setup.services.publish(setup.acme);

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-2");
    }

    @Test
    void one_that_comes_back_renews_what_has_waited_for_it() {
        beAwayForLong();
        setup.services.publish(setup.acme);
        setup.events.tell(Event.Type.PROVIDER_ARRIVED, "acme", Optional.empty());

        eventually(() -> state() == ConnectionState.ACTIVE);
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void that_it_is_away_is_told_once_for_each_connection() {
        List<Event> told = new CopyOnWriteArrayList<>();
        setup.events.subscribe(Events.FROM_NOW, told::add);
        beAwayForLong();

        assertThat(told)
                .singleElement()
                .satisfies(event -> assertThat(event.detail().orElseThrow()).startsWith("provider_unavailable: "));
    }
}
