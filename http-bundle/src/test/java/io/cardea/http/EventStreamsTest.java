package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventStreamsTest {

    private static final int PLACES = 64;
    private static final int MAX_WAITING = 2000;

    private final Stream events = new Stream();
    private EventStreams streams = new EventStreams(events);

    @AfterEach
    void close() {
        streams.close();
    }

    /** Events that a test makes, and those who listen to them. */
    private static final class Stream implements Events {

        final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
        final List<Long> since = new ArrayList<>();
        private long lastId;

        @Override
        public Subscription subscribe(long after, Consumer<Event> listener) {
            since.add(after);
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        void tell(String provider) {
            lastId++;
            Event event = new Event(
                    lastId,
                    Event.Type.CONNECTION_REFRESHED,
                    Instant.ofEpochMilli(1234),
                    provider,
                    Optional.of("work"),
                    Optional.of("two\nlines"));
            listeners.forEach(listener -> listener.accept(event));
        }

        void tell(int times) {
            for (int i = 0; i < times; i++) {
                tell("acme");
            }
        }
    }

    private EventReader listen(EventReader reader) throws IOException {
        return listen(reader, provider -> true);
    }

    private EventReader listen(EventReader reader, Predicate<String> mayHear) throws IOException {
        streams.take().begin(reader.request, reader.response, 17, mayHear);
        return reader;
    }

    private static int eventsIn(EventReader reader) {
        return reader.text().split("\nevent: ", -1).length - 1;
    }

    @Test
    void an_event_is_told_in_the_form_that_browsers_know() throws IOException {
        EventReader reader = listen(new EventReader().read());
        assertThat(reader.text()).as("what makes the head arrive").isEqualTo(": Cardea\n\n");
        events.tell("acme");

        assertThat(events.since).containsExactly(17L);
        assertThat(reader.text()).isEqualTo("""
                        : Cardea

                        id: 1
                        event: connection.refreshed
                        data: {"provider":"acme","connection":"work","detail":"two\\nlines","time":1234}

                        """);
    }

    @Test
    void nobody_hears_of_providers_that_their_key_is_not_for() throws IOException {
        EventReader reader = listen(new EventReader().read(), "acme"::equals);
        events.tell("other");
        events.tell("acme");

        assertThat(eventsIn(reader)).isEqualTo(1);
        assertThat(reader.text()).doesNotContain("other");
    }

    @Test
    void of_deployments_hears_whose_key_is_for_every_provider() throws IOException {
        EventReader limited = listen(new EventReader().read(), "acme"::equals);
        EventReader all = listen(new EventReader().read());
        events.tell("");

        assertThat(eventsIn(limited)).isZero();
        assertThat(eventsIn(all)).isEqualTo(1);
        assertThat(all.text()).doesNotContain("provider");
    }

    @Test
    void what_waits_for_a_slow_reader_is_told_later_and_in_order() throws IOException {
        EventReader slow = listen(new EventReader());
        events.tell(3);
        assertThat(slow.text()).isEmpty();
        slow.read();
        slow.pause();
        events.tell(2);
        slow.read();

        assertThat(slow.text().lines().filter(line -> line.startsWith("id: ")))
                .containsExactly("id: 1", "id: 2", "id: 3", "id: 4", "id: 5");
    }

    @Test
    void a_reader_that_does_not_read_is_cut_off_and_the_others_miss_nothing() throws IOException {
        EventReader stuck = listen(new EventReader());
        EventReader good = listen(new EventReader().read());
        events.tell(MAX_WAITING);
        assertThat(stuck.completions).isZero();
        events.tell(1);

        assertThat(stuck.completions).isEqualTo(1);
        assertThat(events.listeners).as("those who still listen").hasSize(1);
        assertThat(eventsIn(good)).isEqualTo(MAX_WAITING + 1);
        stuck.read();
        assertThat(stuck.text()).as("once it is cut off").isEmpty();
    }

    @Test
    void who_has_left_is_forgotten_at_the_next_word() throws IOException {
        EventReader reader = listen(new EventReader().read());
        reader.leave();
        events.tell(1);

        assertThat(events.listeners).isEmpty();
        assertThat(reader.completions).isEqualTo(1);
    }

    @Test
    void who_has_left_is_forgotten_when_the_container_notices() throws IOException {
        EventReader reader = listen(new EventReader().read());
        reader.ended();
        events.tell(1);

        assertThat(events.listeners).isEmpty();
        assertThat(eventsIn(reader)).isZero();
    }

    @Test
    void there_is_room_for_some_and_whoever_leaves_makes_room() throws IOException {
        List<EventReader> readers = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            readers.add(listen(new EventReader().read()));
        }
        assertThatThrownBy(streams::take)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.failure().status()).isEqualTo(503));

        readers.get(0).ended();
        listen(new EventReader());
        assertThatThrownBy(streams::take).isInstanceOf(Refused.class);
    }

    @Test
    void who_finds_no_room_is_told_when_to_come_again() throws IOException {
        for (int i = 0; i < PLACES; i++) {
            listen(new EventReader());
        }
        Exchange answer = new Exchange();
        Failure.of(catchThrowable(streams::take))
                .written(answer.request(), new Pages(""), new PublicUrl(Optional.empty(), 8180))
                .to(answer.response());

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.answered("Retry-After")).hasValue("5");
    }

    /** That takes two heartbeats: the system hears that nobody is there when it has sent one, and tells at the next. */
    @Test
    void who_has_left_makes_room_before_the_next_one_comes_again() throws Exception {
        EventReader reader = listen(new EventReader().read());
        reader.leaveUnnoticed();

        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!events.listeners.isEmpty()) {
            assertThat(System.nanoTime()).as("nobody notices").isLessThan(end);
            Thread.sleep(10);
        }
        assertThat(reader.text()).endsWith("\n\n:\n\n");
    }

    @Test
    void a_stream_that_could_not_begin_takes_no_room() {
        for (int i = 0; i <= PLACES; i++) {
            assertThatThrownBy(() -> streams.take().begin(new EventReader().request, null, 0, provider -> true))
                    .isInstanceOf(NullPointerException.class);
        }
        assertThat(events.listeners).isEmpty();
    }

    @Test
    void at_the_end_all_streams_end_and_none_begins() throws IOException {
        List<EventReader> readers =
                List.of(listen(new EventReader().read()), listen(new EventReader()), listen(new EventReader().read()));
        EventStreams.Place place = streams.take();
        streams.close();

        assertThat(readers).allSatisfy(reader -> assertThat(reader.completions).isEqualTo(1));
        assertThatThrownBy(streams::take).isInstanceOf(Refused.class);
        EventReader late = new EventReader().read();
        place.begin(late.request, late.response, 0, provider -> true);
        assertThat(late.completions).isEqualTo(1);
        assertThat(events.listeners).isEmpty();
    }

    @Test
    @Timeout(30)
    void silence_is_broken_by_heartbeats_and_who_takes_none_is_cut_off() throws Exception {
        streams = new EventStreams(events, Duration.ofMillis(5));
        EventReader stuck = listen(new EventReader());
        EventReader good = listen(new EventReader().read());

        while (events.listeners.size() == 2 || !good.text().contains("\n\n:\n\n:\n\n")) {
            Thread.sleep(1);
        }
        assertThat(stuck.completions).isEqualTo(1);
        assertThat(good.completions).isZero();
    }
}
