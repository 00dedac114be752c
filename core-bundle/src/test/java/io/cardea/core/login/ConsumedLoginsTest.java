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
    void of_fifty_threads_that_want_the_same_login_one_wins() throws Exception {
        int logins = 20_000;
        ConsumedLogins consumed = new ConsumedLogins(logins + 1);
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(50);
        try {
            List<Future<Integer>> winners = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                winners.add(threads.submit(() -> {
                    start.await();
                    int won = 0;
                    for (int login = 0; login < logins; login++) {
                        won += consumed.consume("login " + login, 100, 1) ? 1 : 0;
                    }
                    return won;
                }));
            }
            start.countDown();
            int won = 0;
            for (Future<Integer> winner : winners) {
                won += winner.get();
            }
            assertThat(won).isEqualTo(logins);
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
