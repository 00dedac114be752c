package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.file.PrivateFile;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsumedLoginsTest {

    @TempDir
    Path data;

    private ConsumedLogins open(int limit) {
        return new ConsumedLogins(limit, new PrivateFile(data, "logins", "consumed"), 1);
    }

    @Test
    void a_restart_remembers_what_can_still_be_shown_again() {
        ConsumedLogins before = open(10);
        before.consume("a", 100, 1);
        before.consume("b", 20, 1);
        before.close();

        ConsumedLogins after = new ConsumedLogins(10, new PrivateFile(data, "logins", "consumed"), 50);
        assertThat(after.consume("a", 100, 50)).isFalse();
        assertThat(after.consume("c", 100, 50)).isTrue();
        assertThat(after.size()).isEqualTo(2);
    }

    @Test
    void what_was_torn_by_a_crash_is_passed_over() throws IOException {
        ConsumedLogins before = open(10);
        before.consume("a", 100, 1);
        before.consume("b", 100, 1);
        Path file = data.resolve("logins/consumed");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));

        ConsumedLogins after = open(10);
        assertThat(after.consume("a", 100, 1)).isFalse();
        assertThat(after.consume("b", 100, 1)).isTrue();
        assertThat(open(10).consume("b", 100, 1)).isFalse();
    }

    @Test
    void the_file_does_not_grow_with_the_logins_that_have_ended() throws IOException {
        ConsumedLogins consumed = open(3);
        for (int second = 10; second < 1000; second++) {
            assertThat(consumed.consume("login " + second, second, second)).isTrue();
        }

        assertThat(Files.size(data.resolve("logins/consumed"))).isLessThanOrEqualTo(2 * 3 * 24 + 24);
        assertThat(open(3).consume("login 999", 999, 999)).isFalse();
    }

    @Test
    void the_file_holds_no_state_and_is_for_its_owner_alone() throws IOException {
        open(3).consume("a-state-that-nobody-may-see", 100, 1);
        Path file = data.resolve("logins/consumed");

        assertThat(new String(Files.readAllBytes(file), ISO_8859_1)).doesNotContain("a-state");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_login_is_consumed_once() {
        ConsumedLogins consumed = open(10);

        assertThat(consumed.consume("a", 100, 1)).isTrue();
        assertThat(consumed.consume("a", 100, 1)).isFalse();
        assertThat(consumed.consume("a", 100, 100)).isFalse();
        assertThat(consumed.consume("b", 100, 1)).isTrue();
    }

    @Test
    void of_fifty_threads_that_want_the_same_login_one_wins() throws Exception {
        int logins = 20_000;
        ConsumedLogins consumed = open(logins + 1);
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
        ConsumedLogins consumed = open(3);
        for (int i = 0; i < 3; i++) {
            assertThat(consumed.consume("login " + i, 100, 1)).isTrue();
        }

        assertThatThrownBy(() -> consumed.consume("one more", 100, 1))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        refused -> assertThat(refused.error()).isEqualTo(OAuthError.TEMPORARILY_UNAVAILABLE));
        assertThat(consumed.size()).isEqualTo(3);
    }

    @Test
    void those_whose_time_is_over_are_forgotten_and_make_room() {
        ConsumedLogins consumed = open(3);
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
        ConsumedLogins consumed = open(3);
        consumed.consume("a", 10, 1);

        assertThat(consumed.consume("a", 10, 10)).isFalse();
    }

    @Test
    void a_login_whose_time_is_over_cannot_be_consumed_for_nobody_would_remember_it() {
        ConsumedLogins consumed = open(3);

        assertThat(consumed.consume("a", 10, 11)).isFalse();
        assertThat(consumed.size()).isZero();
    }
}
