package io.cardea.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.file.PrivateFolder;
import io.cardea.core.file.PrivateFolder.Step;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreTest {

    private static final ConnectionKey KEY = new ConnectionKey("acme", "default");

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path data;

    private Optional<Step> failing = Optional.empty();
    private FileStore store;

    @BeforeEach
    void open() {
        store = new FileStore(new PrivateFolder(data, data.resolve("vault"), (step, file) -> {
            if (failing.equals(Optional.of(step))) {
                failing = Optional.empty();
                throw new IOException("no space left on the device, at " + step);
            }
        }));
    }

    @AfterEach
    void close() {
        store.stop();
    }

    private void reopen() {
        close();
        open();
    }

    private Path file(String name) {
        return data.resolve("vault").resolve(name);
    }

    private static VaultRecord record(long version, int... content) {
        return record(KEY, version, content);
    }

    private static VaultRecord record(ConnectionKey key, long version, int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return new VaultRecord(key, version, bytes);
    }

    private void assertHolds(VaultRecord record) {
        VaultRecord stored = store.read(record.key()).orElseThrow();
        assertThat(stored.version()).isEqualTo(record.version());
        assertThat(stored.content()).isEqualTo(record.content());
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(data.resolve("vault"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_record_is_there_after_a_restart() throws IOException {
        assertThat(store.write(record(1_800_000_000_000L, 1, 2, 3))).isTrue();
        assertThat(store.write(record(1_800_000_000_001L, 4, 5))).isTrue();

        assertHolds(record(1_800_000_000_001L, 4, 5));
        reopen();
        assertHolds(record(1_800_000_000_001L, 4, 5));
        assertThat(store.list()).containsExactly(KEY);
        assertThat(files()).containsExactly("acme~default");
    }

    @Test
    void the_first_version_is_any_and_each_later_one_follows_the_stored_one() throws IOException {
        assertThat(store.write(record(7))).isTrue();
        assertThat(store.write(record(7))).isFalse();
        assertThat(store.write(record(9))).isFalse();
        assertThat(store.write(record(6))).isFalse();
        assertThat(store.write(record(8))).isTrue();
        assertThat(store.read(KEY).orElseThrow().version()).isEqualTo(8);
    }

    @Test
    void a_record_is_sealed_again_under_its_version_alone() throws IOException {
        assertThat(store.reseal(record(7, 1))).isFalse();
        store.write(record(7, 1));

        assertThat(store.reseal(record(8, 2))).isFalse();
        assertThat(store.reseal(record(7, 2))).isTrue();
        reopen();
        assertHolds(record(7, 2));
    }

    @Test
    void a_removed_record_is_told_and_stays_away() throws IOException {
        store.write(record(1, 1));

        assertThat(store.remove(KEY).orElseThrow().version()).isEqualTo(1);
        assertThat(store.remove(KEY)).isEmpty();
        reopen();
        assertThat(store.read(KEY)).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void of_many_who_write_the_next_version_at_once_one_succeeds() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int version = 1; version <= 20; version++) {
                VaultRecord next = record(version, version);
                CountDownLatch start = new CountDownLatch(1);
                var writers = IntStream.range(0, 8)
                        .mapToObj(i -> threads.submit(() -> {
                            start.await();
                            return store.write(next);
                        }))
                        .toList();
                start.countDown();
                int winners = 0;
                for (var writer : writers) {
                    winners += writer.get() ? 1 : 0;
                }
                assertThat(winners).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "Work", "WORK", "work", "..", "a.b_c-d@Example.ORG", "-", "con"})
    void every_name_that_a_connection_can_have_is_a_file_of_its_own(String connection) throws IOException {
        ConnectionKey key = new ConnectionKey("acme", connection);
        store.write(record(key, 1, 1));
        reopen();

        assertThat(store.list()).containsExactly(key);
        assertThat(files())
                .singleElement()
                .satisfies(
                        name -> assertThat(name).isEqualTo(name.toLowerCase()).hasSizeLessThan(250));
    }

    @Test
    void the_longest_names_fit() throws IOException {
        ConnectionKey key = new ConnectionKey("a".repeat(63), "B".repeat(128));
        store.write(record(key, 1, 1));
        reopen();

        assertThat(store.list()).containsExactly(key);
    }

    @Test
    void only_the_user_can_reach_what_is_written() throws IOException {
        store.write(record(1, 1));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("vault"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("acme~default"))))
                .isEqualTo("rw-------");
    }

    @Test
    void records_and_folders_that_others_can_reach_are_refused_with_the_remedy() throws IOException {
        store.write(record(1, 1));
        store.stop();
        for (Path open : List.of(file("acme~default"), data.resolve("vault"))) {
            var mode = Files.getPosixFilePermissions(open);
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));

            assertThatThrownBy(this::open)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("chmod go-rwx " + open);
            Files.setPosixFilePermissions(open, mode);
        }
        open();
    }

    @Test
    void symbolic_links_are_refused() throws IOException {
        store.write(record(1, 1));
        store.stop();
        Path elsewhere = Files.move(file("acme~default"), data.resolve("elsewhere"));
        Files.createSymbolicLink(file("acme~default"), elsewhere);

        assertThatThrownBy(this::open).hasMessageContaining("is a symbolic link");
        Files.delete(file("acme~default"));
        open();
    }

    @Test
    void a_link_that_comes_while_it_runs_is_replaced_and_not_followed() throws IOException {
        Path elsewhere = Files.writeString(data.resolve("elsewhere"), "somebody else's");
        Files.createSymbolicLink(file("acme~default"), elsewhere);

        store.write(record(1, 1));

        assertThat(file("acme~default")).isRegularFile();
        assertThat(Files.isSymbolicLink(file("acme~default"))).isFalse();
        assertThat(elsewhere).hasContent("somebody else's");
    }

    @Test
    void two_stores_do_not_share_a_folder() {
        assertThatThrownBy(() -> new FileStore(new PrivateFolder(data, "vault")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("used by this process already");
    }

    @Test
    void files_that_are_no_records_are_told_and_left_alone() throws IOException {
        for (String name : List.of("README", "acme~de fault", "acme~Default", "acme~default~0", "a~b~c~d", "~")) {
            Files.writeString(file(name), "not ours");
            Files.setPosixFilePermissions(file(name), PosixFilePermissions.fromString("rw-------"));
        }
        reopen();

        assertThat(store.list()).isEmpty();
        assertThat(files()).hasSize(6);
        assertThat(log.text()).contains("README is no credential, and is left alone");
    }

    @Test
    void what_was_being_written_when_the_process_died_is_swept_away() throws IOException {
        store.write(record(1, 1));
        Files.writeString(file(".tmp-0123456789abcdef"), "half a rec");
        reopen();

        assertThat(files()).containsExactly("acme~default");
        assertHolds(record(1, 1));
    }

    @Test
    void a_file_that_was_cut_off_anywhere_costs_its_own_connection_alone() throws IOException {
        ConnectionKey other = new ConnectionKey("acme", "other");
        store.write(record(other, 1, 9));
        store.write(record(1, 1, 2, 3, 4));
        byte[] whole = Files.readAllBytes(file("acme~default"));
        for (int length = 0; length < 12; length++) {
            Files.write(file("acme~default"), Arrays.copyOf(whole, length));
            reopen();

            assertThat(store.read(KEY).orElseThrow().content()).isEmpty();
            assertHolds(record(other, 1, 9));
            assertThat(Files.size(file("acme~default"))).isEqualTo(length);
        }
        // And a new login takes its place.
        assertThat(store.write(record(store.read(KEY).orElseThrow().version() + 1, 5)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"CREATE", "WRITE", "SYNC", "RENAME", "SYNC_FOLDER"})
    void a_write_that_fails_at_any_step_is_told_and_loses_nothing(Step step) throws IOException {
        store.write(record(1, 1));
        failing = Optional.of(step);

        assertThatThrownBy(() -> store.write(record(2, 2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no space left");
        assertHolds(record(1, 1));
        assertThat(files()).containsExactly("acme~default");
        assertThat(store.write(record(2, 3))).isTrue();
        reopen();
        assertHolds(record(2, 3));
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"CREATE", "WRITE", "SYNC", "RENAME", "SYNC_FOLDER"})
    void after_a_write_that_failed_and_a_restart_one_whole_record_is_there(Step step) throws IOException {
        store.write(record(1, 1));
        failing = Optional.of(step);
        assertThatThrownBy(() -> store.write(record(2, 2))).isInstanceOf(IOException.class);
        reopen();

        assertHolds(step == Step.SYNC_FOLDER ? record(2, 2) : record(1, 1));
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"DELETE", "SYNC_FOLDER"})
    void a_removal_that_fails_is_told_and_can_be_repeated(Step step) throws IOException {
        store.write(record(1, 1));
        failing = Optional.of(step);

        assertThatThrownBy(() -> store.remove(KEY)).isInstanceOf(IOException.class);
        assertHolds(record(1, 1));
        assertThat(store.remove(KEY)).isPresent();
        reopen();
        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    void an_interrupted_thread_writes_all_the_same_and_stays_interrupted() throws IOException {
        Thread.currentThread().interrupt();

        assertThat(store.write(record(1, 1))).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.write(record(2, 2))).isTrue();
        reopen();
        assertHolds(record(2, 2));
    }

    @Test
    void one_at_a_time_may_renew_a_credential() {
        VaultStore.Lock lock = store.tryLock(KEY).orElseThrow();

        assertThat(store.tryLock(KEY)).isEmpty();
        assertThat(store.tryLock(new ConnectionKey("acme", "other"))).isPresent();
        lock.close();
        assertThat(store.tryLock(KEY)).isPresent();
    }

    @Test
    void a_record_shows_its_key_and_version_but_not_its_content() {
        assertThat(record(7, 65, 66, 67).toString()).isEqualTo("VaultRecord[key=acme/default, version=7]");
    }
}
