package io.cardea.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConsumedLoginsTest {

    @Test
    void a_login_is_consumed_once() {
        ConsumedLogins consumed = new ConsumedLogins(10);

        assertThat(consumed.consume("a", 100, 1)).isTrue();
        assertThat(consumed.consume("a", 100, 1)).isFalse();
        assertThat(consumed.consume("a", 100, 100)).isFalse();
        assertThat(consumed.consume("b", 100, 1)).isTrue();
    }

    @Test
    void of_fifty_threads_one_wins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(50);
        try {
            for (int round = 0; round < 20; round++) {
                ConsumedLogins consumed = new ConsumedLogins(10);
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Boolean>> attempts = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    attempts.add(threads.submit(() -> {
                        start.await();
                        return consumed.consume("a", 100, 1);
                    }));
                }
                start.countDown();
                int winners = 0;
                for (Future<Boolean> attempt : attempts) {
                    winners += attempt.get() ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void no_more_than_the_limit_are_remembered_and_the_rest_is_refused() {
        ConsumedLogins consumed = new ConsumedLogins(3);
        for (int i = 0; i < 3; i++) {
            assertThat(consumed.consume("login " + i, 100, 1)).isTrue();
        }

        assertThat(consumed.consume("one more", 100, 1)).isFalse();
        assertThat(consumed.size()).isEqualTo(3);
    }

    @Test
    void those_whose_time_is_over_are_forgotten_and_make_room() {
        ConsumedLogins consumed = new ConsumedLogins(3);
        consumed.consume("early", 10, 1);
        consumed.consume("late", 20, 1);
        consumed.consume("later", 30, 1);

        assertThat(consumed.consume("next", 40, 15)).isTrue();
        assertThat(consumed.size()).isEqualTo(3);
        assertThat(consumed.consume("last", 60, 35)).isTrue();
        assertThat(consumed.size()).isEqualTo(2);
    }

    @Test
    void in_its_last_second_a_login_is_still_remembered() {
        ConsumedLogins consumed = new ConsumedLogins(3);
        consumed.consume("a", 10, 1);

        assertThat(consumed.consume("a", 10, 10)).isFalse();
    }

    @Test
    void a_login_whose_time_is_over_cannot_be_consumed_for_nobody_would_remember_it() {
        ConsumedLogins consumed = new ConsumedLogins(3);

        assertThat(consumed.consume("a", 10, 11)).isFalse();
        assertThat(consumed.size()).isZero();
    }
}
