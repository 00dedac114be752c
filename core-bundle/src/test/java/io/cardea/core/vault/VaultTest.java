package io.cardea.core.vault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.seal.VaultKey;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VaultTest {

    private static final ConnectionKey KEY = new ConnectionKey("acme", "default");
    private static final Credential CREDENTIAL = new Credential(
            "the-access-token",
            "Bearer",
            Optional.of(Instant.ofEpochMilli(1_900_000_000_123L)),
            Optional.of("the-refresh-token"),
            Optional.of("the-id-token"),
            List.of("email", "repo"),
            Map.of("team", "the-attribute"));

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final MemoryStore store = new MemoryStore();
    private final Vault vault = TestVault.of(store);

    private static StoredConnection connection(ConnectionKey key, long version) {
        return new StoredConnection(
                key,
                version,
                CREDENTIAL,
                new Profile(Optional.of("42"), Optional.of("Ada"), Optional.of("ada@example.org"), Optional.of("pro")),
                "io.cardea.provider.acme 1.0.0",
                Instant.ofEpochMilli(1_800_000_000_001L),
                Optional.of(Instant.ofEpochMilli(1_800_000_000_002L)),
                true);
    }

    @Test
    void a_connection_comes_back_as_it_was_written() {
        vault.write(connection(KEY, 1));

        assertThat(vault.read(KEY)).hasValue(connection(KEY, 1));
        assertThat(vault.list()).containsExactly(connection(KEY, 1));
    }

    @Test
    void what_it_does_not_have_stays_absent() {
        StoredConnection bare = new StoredConnection(
                KEY, 1, Credential.bearer("token"), Profile.UNKNOWN, "", Instant.EPOCH, Optional.empty(), false);
        vault.write(bare);

        assertThat(vault.read(KEY)).hasValue(bare);
    }

    @Test
    void nothing_of_it_can_be_read_in_the_store() {
        vault.write(connection(KEY, 1));

        String content = new String(store.read(KEY).orElseThrow().content(), ISO_8859_1);
        assertThat(content)
                .doesNotContain(
                        "the-access-token",
                        "the-refresh-token",
                        "the-id-token",
                        "the-attribute",
                        "ada@example.org",
                        "repo",
                        "access_token");
    }

    @Test
    void the_same_connection_never_looks_the_same_in_the_store() {
        vault.write(connection(KEY, 1));
        byte[] first = store.read(KEY).orElseThrow().content();
        vault.remove(KEY);
        vault.write(connection(KEY, 1));

        assertThat(store.read(KEY).orElseThrow().content()).isNotEqualTo(first);
    }

    @Test
    void of_two_that_write_the_same_version_the_second_is_told() {
        assertThat(vault.write(connection(KEY, 1))).isTrue();
        assertThat(vault.write(connection(KEY, 1))).isFalse();
        assertThat(vault.write(connection(KEY, 3))).isFalse();
        assertThat(vault.write(connection(KEY, 2))).isTrue();
        assertThat(vault.read(KEY)).hasValue(connection(KEY, 2));
    }

    @Test
    void a_removed_connection_is_told_and_gone() {
        vault.write(connection(KEY, 1));

        assertThat(vault.remove(KEY)).hasValue(connection(KEY, 1));
        assertThat(vault.remove(KEY)).isEmpty();
        assertThat(vault.read(KEY)).isEmpty();
        assertThat(vault.list()).isEmpty();
    }

    @Test
    void connections_are_listed_by_provider_and_name() {
        for (String[] name : new String[][] {{"b", "x"}, {"a", "z"}, {"b", "a"}, {"a", "B"}}) {
            vault.write(connection(new ConnectionKey(name[0], name[1]), 1));
        }

        assertThat(vault.list())
                .extracting(known -> known.key().toString())
                .containsExactly("a/B", "a/z", "b/a", "b/x");
    }

    @Test
    void a_record_that_was_moved_to_another_connection_does_not_open() {
        vault.write(connection(KEY, 1));
        ConnectionKey other = new ConnectionKey("acme", "other");
        store.write(new VaultRecord(other, 1, store.read(KEY).orElseThrow().content()));

        assertBroken(other);
    }

    @Test
    void a_record_that_was_put_in_a_later_ones_place_does_not_open() {
        vault.write(connection(KEY, 1));
        byte[] old = store.read(KEY).orElseThrow().content();
        vault.write(connection(KEY, 2));
        store.write(new VaultRecord(KEY, 3, old));

        assertBroken(KEY);
    }

    @Test
    void a_record_of_another_vault_does_not_open() throws IOException {
        MemoryStore others = new MemoryStore();
        TestVault.of(others).write(connection(KEY, 1));
        store.write(others.read(KEY).orElseThrow());

        assertBroken(KEY);
    }

    @Test
    void a_connection_that_was_removed_and_made_again_has_no_version_of_the_old_one() {
        vault.write(connection(KEY, 1));
        vault.write(connection(KEY, 2));
        vault.remove(KEY);

        assertThat(vault.version(KEY)).isGreaterThan(1_700_000_000_000L);
    }

    @Test
    void what_another_process_wrote_into_the_store_is_seen() {
        vault.write(connection(KEY, 1));
        vault.read(KEY);
        VaultRecord first = store.read(KEY).orElseThrow();
        vault.write(connection(KEY, 2));
        vault.read(KEY);
        store.remove(KEY);
        store.write(first);

        assertThat(vault.read(KEY).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void a_store_that_fails_is_a_fault_of_our_own_and_its_reason_is_kept() {
        FailingStore broken = new FailingStore();
        Vault failing = TestVault.of(broken);
        broken.fails = true;

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> failing.read(KEY),
                () -> failing.write(connection(KEY, 1)),
                () -> failing.remove(KEY),
                failing::list)) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            OAuthException.class,
                            thrown -> assertThat(thrown.error()).isEqualTo(OAuthError.SERVER_ERROR))
                    .hasRootCauseMessage("the disk is full")
                    .hasMessageNotContaining("disk");
        }
    }

    @Test
    void a_record_that_the_store_gives_for_another_does_not_open() {
        ConnectionKey other = new ConnectionKey("other", "default");
        VaultKey key = TestVault.key(store);
        new Vault(store, key).write(connection(KEY, 1));
        Vault confused = new Vault(
                new MemoryStore() {
                    @Override
                    public Optional<VaultRecord> read(ConnectionKey asked) {
                        return store.read(KEY);
                    }
                },
                key);

        assertThat(confused.read(KEY)).isPresent();
        assertThatThrownBy(() -> confused.read(other)).isInstanceOf(OAuthException.class);
    }

    private void assertBroken(ConnectionKey key) {
        assertThatThrownBy(() -> vault.read(key))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        thrown -> assertThat(thrown.error()).isEqualTo(OAuthError.REAUTHORIZATION_REQUIRED))
                .hasMessageContaining(key.toString());
    }

    private static final class FailingStore implements VaultStore {

        private boolean fails;

        @Override
        public Optional<VaultRecord> read(ConnectionKey key) throws IOException {
            throw new IOException("the disk is full");
        }

        @Override
        public boolean write(VaultRecord record) throws IOException {
            throw new IOException("the disk is full");
        }

        @Override
        public Optional<VaultRecord> remove(ConnectionKey key) throws IOException {
            throw new IOException("the disk is full");
        }

        @Override
        public boolean reseal(VaultRecord record) throws IOException {
            throw new IOException("the disk is full");
        }

        @Override
        public Optional<Lock> tryLock(ConnectionKey key) throws IOException {
            throw new IOException("the disk is full");
        }

        @Override
        public List<ConnectionKey> list() throws IOException {
            if (fails) {
                throw new IOException("the disk is full");
            }
            return List.of();
        }
    }
}
