package io.cardea.core.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A collection halts everybody, so it is asked for late, rarely, and where it is short. */
class CollectorTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long SMALL = 20L * 1024 * 1024;

    private final AtomicInteger asked = new AtomicInteger();
    private final long start = System.nanoTime();

    private Collector collector(long heap) {
        return new Collector(Duration.ofMinutes(1), () -> heap, asked::incrementAndGet);
    }

    @Test
    void it_is_asked_for_when_none_has_come_by_itself() {
        Collector collector = collector(SMALL);

        collector.askUnlessBusy(start, start + MINUTE / 2);
        assertThat(asked).hasValue(0);
        collector.askUnlessBusy(start, start + 2 * MINUTE);
        assertThat(asked).hasValue(1);
        collector.askUnlessBusy(start, start + 2 * MINUTE + MINUTE / 2);
        assertThat(asked).as("once a minute").hasValue(1);
    }

    @Test
    void none_is_asked_for_after_one_that_came_by_itself() {
        Collector collector = collector(SMALL);

        collector.came(start + 2 * MINUTE);
        collector.askUnlessBusy(start, start + 2 * MINUTE + MINUTE / 2);

        assertThat(asked).hasValue(0);
    }

    @Test
    void none_is_asked_for_while_plugins_come_and_go() {
        collector(SMALL).askUnlessBusy(start + 5 * MINUTE, start + 5 * MINUTE + MINUTE / 2);

        assertThat(asked).hasValue(0);
    }

    @Test
    void none_is_asked_for_where_it_would_take_long() {
        collector(100 * SMALL).askUnlessBusy(start, start + 5 * MINUTE);

        assertThat(asked).hasValue(0);
    }
}
