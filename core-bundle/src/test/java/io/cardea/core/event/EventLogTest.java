package io.cardea.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventLogTest {

    private static final ConnectionKey KEY = new ConnectionKey("acme", "work");

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final AdjustableClock clock = new AdjustableClock();
    private final EventLog events = new EventLog(clock);
    private final List<Event> heard = new ArrayList<>();

    private void refreshed(int times) {
        for (int i = 0; i < times; i++) {
            events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.empty());
        }
    }

    @Test
    void a_listener_hears_what_happens_from_now_on_in_order() {
        refreshed(1);
        events.subscribe(Events.FROM_NOW, heard::add);
        events.tell(Event.Type.PROVIDER_ARRIVED, "acme", Optional.of("1.0.0"));
        events.tell(Event.Type.CONNECTION_CREATED, KEY, Optional.empty());

        assertThat(heard)
                .extracting(Event::type)
                .containsExactly(Event.Type.PROVIDER_ARRIVED, Event.Type.CONNECTION_CREATED);
        assertThat(heard.get(0).connection()).isEmpty();
        assertThat(heard.get(0).detail()).hasValue("1.0.0");
        assertThat(heard.get(1).provider()).isEqualTo("acme");
        assertThat(heard.get(1).connection()).hasValue("work");
        assertThat(heard.get(1).time()).isEqualTo(clock.instant());
        assertThat(heard.get(1).id()).isGreaterThan(heard.get(0).id());
    }

    @Test
    void one_that_was_away_hears_what_it_missed_first() {
        events.subscribe(Events.FROM_NOW, heard::add);
        refreshed(3);
        List<Event> late = new ArrayList<>();
        events.subscribe(heard.get(0).id(), late::add);
        refreshed(1);

        assertThat(late).isEqualTo(heard.subList(1, 4));
    }

    @Test
    void the_last_thousand_are_remembered() {
        refreshed(1001);
        events.subscribe(0, heard::add);

        assertThat(heard).hasSize(1000);
    }

    @Test
    void ids_go_on_growing_after_a_restart() {
        events.subscribe(Events.FROM_NOW, heard::add);
        refreshed(1);
        clock.pass(Duration.ofSeconds(1));
        EventLog restarted = new EventLog(clock);
        restarted.subscribe(heard.get(0).id(), heard::add);
        restarted.tell(Event.Type.CONNECTION_REMOVED, KEY, Optional.empty());

        assertThat(heard).hasSize(2);
        assertThat(heard.get(1).id()).isGreaterThan(heard.get(0).id());
    }

    @Test
    void one_that_has_left_hears_nothing_and_is_kept_by_nobody() {
        Events.Subscription subscription = events.subscribe(Events.FROM_NOW, heard::add);
        subscription.close();
        subscription.close();
        refreshed(1);

        assertThat(heard).isEmpty();
    }

    @Test
    void one_that_leaves_at_an_event_costs_the_others_none() {
        AtomicReference<Events.Subscription> leaving = new AtomicReference<>();
        leaving.set(events.subscribe(Events.FROM_NOW, event -> leaving.get().close()));
        events.subscribe(Events.FROM_NOW, heard::add);
        events.subscribe(Events.FROM_NOW, heard::add);
        refreshed(2);

        assertThat(heard).hasSize(4);
    }

    @Test
    void one_that_fails_harms_neither_the_others_nor_whoever_tells() {
        events.subscribe(Events.FROM_NOW, event -> {
            throw new IllegalStateException("on purpose");
        });
        events.subscribe(Events.FROM_NOW, heard::add);
        refreshed(1);

        assertThat(heard).hasSize(1);
        assertThat(log.text()).contains("A listener failed at connection.refreshed");
    }
}
