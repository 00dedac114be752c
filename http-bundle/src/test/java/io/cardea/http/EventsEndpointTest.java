package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.Events;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsEndpointTest {

    private final List<Long> since = new ArrayList<>();
    private final ApiKeys keys = (key, provider, action) -> key.equals("the-key") && action.equals("events");
    private final EventStreams streams = new EventStreams((after, listener) -> {
        since.add(after);
        return () -> {};
    });
    private final EventsEndpoint endpoint =
            new EventsEndpoint(new ApiKeyCheck(keys, new RecordedAudit(), "events"), streams);

    @AfterEach
    void close() {
        streams.close();
    }

    private void listen(String header, String query) throws Exception {
        EventReader reader = new EventReader();
        Exchange exchange = new Exchange()
                .header("Authorization", "Bearer the-key")
                .header("Last-Event-ID", header)
                .query(query);
        endpoint.answer("", exchange.asynchronous(reader).request()).get().to(reader.response);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 9223372036854775807",
        "42, '', 42",
        "0, '', 0",
        "'', last_event_id=42, 42",
        "43, last_event_id=42, 43",
        "' 42 ', last_event_id=, 42"
    })
    void a_listener_may_say_what_it_heard_last(String header, String query, long after) throws Exception {
        listen(header, query);

        assertThat(since).containsExactly(after);
    }

    @Test
    void one_that_says_nothing_hears_what_comes() {
        assertThat(Events.FROM_NOW).isEqualTo(9223372036854775807L);
    }

    @ParameterizedTest
    @CsvSource({
        "x, ''",
        "-1, ''",
        "99999999999999999999, ''",
        "'', last_event_id=x",
        "'', last_event_id=-1",
        "'', last_event_id=1&last_event_id=1",
        "'', since=1"
    })
    void what_is_no_event_is_refused(String header, String query) {
        assertThat(Failure.of(catchThrowable(() -> listen(header, query))).status())
                .isEqualTo(400);
        assertThat(since).isEmpty();
    }

    @Test
    void without_a_key_nobody_listens() {
        Exchange stranger = new Exchange().header("Authorization", "Bearer wrong");

        assertThat(Failure.of(catchThrowable(() -> endpoint.answer("", stranger.request())))
                        .status())
                .isEqualTo(401);
    }
}
