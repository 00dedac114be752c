package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.file.PrivateFolder;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsumedLoginsTest {

    @TempDir
    Path data;

    /** Logins live for 50 seconds, so ten seconds' worth of them are forgotten together. */
    private ConsumedLogins open(int limit, long now) {
        return new ConsumedLogins(limit, Duration.ofSeconds(50), new PrivateFolder(data, "logins"), now);
    }

    private ConsumedLogins open(int limit) {
        return open(limit, 1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("logins"))) {
            return files.sorted().toList();
        }
    }

    private long bytes() throws IOException {
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Test
    void a_restart_remembers_what_can_still_be_shown_again() {
        ConsumedLogins before = open(10);
        before.consume("a", 100, 1);
        before.consume("b", 20, 1);
        before.close();

        ConsumedLogins after = open(10, 50);
        assertThat(after.consume("a", 100, 50)).isFalse();
        assertThat(after.consume("c", 100, 50)).isTrue();
        assertThat(after.size()).isEqualTo(2);
        assertThat(open(10, 50).consume("c", 100, 50)).isFalse();
    }

    @Test
    void a_restart_with_another_lifetime_remembers_them_too() {
        open(10).consume("a", 97, 1);

        for (int seconds : new int[] {1, 7, 86_400}) {
            ConsumedLogins after =
                    new ConsumedLogins(10, Duration.ofSeconds(seconds), new PrivateFolder(data, "logins"), 50);
            assertThat(after.consume("a", 97, 97)).as("%s s", seconds).isFalse();
        }
    }

    @Test
    void a_restart_reads_as_many_as_there_are() {
        ConsumedLogins before = open(10_000);
        for (int login = 0; login < 5_000; login++) {
            before.consume("login " + login, 40 + login % 50, 1);
        }

        ConsumedLogins after = open(10_000);
        assertThat(after.size()).isEqualTo(5_000);
        for (int login = 0; login < 5_000; login++) {
            assertThat(after.consume("login " + login, 40 + login % 50, 1)).isFalse();
        }
    }

    @Test
    void what_was_torn_by_a_crash_is_passed_over() throws IOException {
        ConsumedLogins before = open(10);
        before.consume("a", 100, 1);
        before.consume("b", 100, 1);
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));

        ConsumedLogins after = open(10);
        assertThat(after.consume("a", 100, 1)).isFalse();
        assertThat(after.consume("b", 100, 1)).isTrue();
        assertThat(open(10).consume("b", 100, 1)).isFalse();
    }

    @Test
    void what_a_crash_left_unwritten_counts_for_nothing() throws IOException {
        open(10).consume("a", 100, 1);
        Files.write(files().get(0), new byte[24], StandardOpenOption.APPEND);

        ConsumedLogins after = open(10);
        assertThat(after.size()).isEqualTo(1);
        assertThat(after.consume("a", 100, 1)).isFalse();
        assertThat(after.consume("b", 100, 1)).isTrue();
        assertThat(open(10).size()).isEqualTo(2);
    }

    @Test
    void what_a_crash_left_half_made_is_swept_and_nothing_else_is() throws IOException {
        open(10).consume("a", 100, 1);
        Path kept = files().get(0);
        Path half = Files.createFile(data.resolve("logins/.tmp-0123456789abcdef"));
        Path others = Files.createFile(data.resolve("logins/of-somebody-else"));

        open(10);
        assertThat(kept).exists();
        assertThat(others).exists();
        assertThat(half).doesNotExist();
    }

    @Test
    void the_files_do_not_grow_with_the_logins_that_have_ended() throws IOException {
        ConsumedLogins consumed = open(30);
        for (int second = 10; second < 1000; second++) {
            assertThat(consumed.consume("login " + second, second + 10, second)).isTrue();
            assertThat(bytes()).isLessThanOrEqualTo(30 * 8);
        }

        assertThat(open(30, 999).consume("login 999", 1009, 999)).isFalse();
        assertThat(open(30, 1010).size()).isZero();
        assertThat(files()).isEmpty();
    }

    @Test
    void the_file_holds_no_state_and_is_for_its_owner_alone() throws IOException {
        open(3).consume("a-state-that-nobody-may-see", 100, 1);
        Path file = files().get(0);

        assertThat(new String(Files.readAllBytes(file), ISO_8859_1)).doesNotContain("a-state");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void what_others_may_write_is_not_believed() throws IOException {
        open(3).consume("a", 100, 1);
        Path file = files().get(0);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));
        assertThatThrownBy(() -> open(3)).hasMessageContaining(file + "; run: chmod go-rwx");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(() -> open(3)).hasMessageContaining(file.getParent() + "; run: chmod go-rwx");
    }

    @Test
    void what_cannot_be_written_is_remembered_until_a_restart() throws IOException {
        ConsumedLogins consumed = open(3);
        Files.delete(data.resolve("logins"));
        Files.createFile(data.resolve("logins"));

        assertThat(consumed.consume("a", 100, 1)).isTrue();
        assertThat(consumed.consume("a", 100, 1)).isFalse();
    }

    @Test
    void memory_grows_with_the_logins_that_have_ended_and_is_given_back_with_their_time() throws IOException {
        ConsumedLogins consumed = open(200_000);
        assertThat(consumed.capacity()).isZero();
        for (int login = 0; login < 100_000; login++) {
            assertThat(consumed.consume("login " + login, login % 2 == 0 ? 55 : 65, 1))
                    .isTrue();
        }
        assertThat(consumed.size()).isEqualTo(100_000);
        assertThat(consumed.capacity()).isBetween(100_000, 300_000);
        assertThat(bytes()).isEqualTo(8 * 100_000);

        assertThat(consumed.consume("next", 100, 60)).isTrue();
        assertThat(consumed.size()).isEqualTo(50_001);
        assertThat(consumed.capacity()).isLessThan(150_000);
        assertThat(consumed.consume("login 1", 65, 60)).isFalse();

        assertThat(consumed.consume("last", 100, 70)).isTrue();
        assertThat(consumed.size()).isEqualTo(2);
        assertThat(consumed.capacity()).isLessThan(100);
        assertThat(bytes()).isEqualTo(16);
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
    void of_two_threads_that_want_the_same_login_in_the_same_instant_one_wins() throws Exception {
        int logins = 20_000;
        ConsumedLogins consumed = open(logins + 1);
        AtomicInteger arrived = new AtomicInteger();
        Callable<Integer> both = () -> {
            int won = 0;
            for (int login = 0; login < logins; login++) {
                arrived.incrementAndGet();
                while (arrived.get() < 2 * (login + 1)) {
                    Thread.yield();
                }
                won += consumed.consume("login " + login, 100, 1) ? 1 : 0;
            }
            return won;
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            int won = 0;
            for (Future<Integer> winner : threads.invokeAll(List.of(both, both), 60, TimeUnit.SECONDS)) {
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

        assertThat(consumed.consume("next", 40, 20)).isTrue();
        assertThat(consumed.size()).isEqualTo(3);
        assertThat(consumed.consume("last", 60, 40)).isTrue();
        assertThat(consumed.size()).isEqualTo(2);
    }

    @Test
    void in_its_last_second_a_login_is_still_remembered() {
        ConsumedLogins consumed = open(10 + 1);
        for (int end = 10; end < 20; end++) {
            consumed.consume("a" + end, end, 1);
            assertThat(consumed.consume("a" + end, end, end)).as("%s", end).isFalse();
        }
    }

    @Test
    void a_login_whose_time_is_over_cannot_be_consumed_for_nobody_would_remember_it() {
        ConsumedLogins consumed = open(3);

        assertThat(consumed.consume("a", 10, 11)).isFalse();
        assertThat(consumed.size()).isZero();
    }
}
