package io.cardea.provider.playground.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.provider.playground.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExpiringMapTest {

    private final TestClock clock = new TestClock();
    private final ExpiringMap<String> map = new ExpiringMap<>(3, clock);

    private void put(String key) {
        map.put(key, key, Duration.ofSeconds(90));
    }

    @Test
    void a_value_is_there_until_it_expires() {
        put("a");
        clock.pass(Duration.ofSeconds(89));
        assertThat(map.get("a")).contains("a");
        clock.pass(Duration.ofSeconds(1));
        assertThat(map.get("a")).isEmpty();
        assertThat(map.remove("a")).isEmpty();
    }

    @Test
    void expired_values_are_swept_when_others_come() {
        put("a");
        put("b");
        clock.pass(Duration.ofSeconds(91));
        put("c");
        assertThat(map.size()).isEqualTo(1);
    }

    @Test
    void when_it_is_full_the_oldest_makes_room() {
        put("a");
        put("b");
        put("c");
        put("d");
        assertThat(map.size()).isEqualTo(3);
        assertThat(map.get("a")).isEmpty();
        assertThat(map.get("b")).contains("b");
        assertThat(map.get("d")).contains("d");
    }

    @Test
    void a_replaced_value_keeps_its_end() {
        put("a");
        clock.pass(Duration.ofSeconds(60));
        map.replace("a", "A");
        assertThat(map.get("a")).contains("A");
        clock.pass(Duration.ofSeconds(30));
        assertThat(map.get("a")).isEmpty();
    }
}
