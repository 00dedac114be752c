package io.cardea.core.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.vault.VaultRecord;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {

    private static final ConnectionKey KEY = new ConnectionKey("acme", "default");

    private final MemoryStore store = new MemoryStore();

    @Test
    void the_first_version_is_one_and_each_later_one_follows_the_stored_one() {
        assertThat(store.write(record(2))).isFalse();
        assertThat(store.write(record(0))).isFalse();
        assertThat(store.read(KEY)).isEmpty();
        assertThat(store.write(record(1))).isTrue();
        assertThat(store.write(record(1))).isFalse();
        assertThat(store.write(record(2))).isTrue();
        assertThat(store.read(KEY).orElseThrow().version()).isEqualTo(2);
    }

    @Test
    void after_a_removal_versions_begin_again() {
        store.write(record(1));
        store.write(record(2));

        assertThat(store.remove(KEY).orElseThrow().version()).isEqualTo(2);
        assertThat(store.list()).isEmpty();
        assertThat(store.write(record(1))).isTrue();
    }

    @Test
    void of_many_who_write_the_next_version_at_once_one_succeeds() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            for (int version = 1; version <= 20; version++) {
                VaultRecord next = record(version);
                CountDownLatch start = new CountDownLatch(1);
                var writers = IntStream.range(0, 20)
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

    @Test
    void a_record_shows_its_key_and_version_but_not_its_content() {
        assertThat(new VaultRecord(KEY, 7, new byte[] {65, 66, 67}).toString())
                .isEqualTo("VaultRecord[key=acme/default, version=7]");
    }

    private static VaultRecord record(long version) {
        return new VaultRecord(KEY, version, new byte[] {1});
    }
}
