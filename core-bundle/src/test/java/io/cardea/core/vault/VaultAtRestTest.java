package io.cardea.core.vault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.file.PrivateFolder;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.seal.VaultKey;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The vault as it is on the disk: key, records, and what somebody may do to them. */
class VaultAtRestTest {

    private static final ConnectionKey KEY = new ConnectionKey("acme", "default");
    private static final ConnectionKey OTHER = new ConnectionKey("acme", "other");

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path data;

    private FileStore store;
    private VaultKey key;
    private Vault vault;

    @BeforeEach
    void start() {
        store = new FileStore(new PrivateFolder(data, "vault"));
        try {
            key = VaultKey.of(data, store);
            vault = new Vault(store, key);
        } catch (RuntimeException e) {
            store.stop();
            throw e;
        }
    }

    @AfterEach
    void end() {
        store.stop();
    }

    private void restart() {
        end();
        start();
    }

    private Path record() {
        return data.resolve("vault/acme~default");
    }

    private Path keyFile() {
        return data.resolve("keys/vault-key");
    }

    private static StoredConnection connection(ConnectionKey key, long version) {
        return new StoredConnection(
                key,
                version,
                Credential.bearer("the-access-token").withRefreshToken("the-refresh-token"),
                Profile.UNKNOWN,
                "",
                Instant.EPOCH,
                Optional.empty(),
                false);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(data.relativize(file).toString(), Files.readString(file, ISO_8859_1));
            }
        }
        return files;
    }

    private void assertRefusedAndUntouched(ThrowingCallable start, String why) throws IOException {
        Map<String, String> before = files();
        assertThatThrownBy(start).hasMessageContaining(why);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void a_credential_is_there_after_a_restart() {
        vault.write(connection(KEY, 5));
        restart();

        assertThat(vault.read(KEY)).hasValue(connection(KEY, 5));
    }

    @Test
    void every_bit_of_a_record_counts() throws IOException {
        vault.write(connection(KEY, 5));
        byte[] whole = Files.readAllBytes(record());
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            Files.write(record(), flipped);
            restart();

            assertThatThrownBy(() -> vault.read(KEY)).as("bit %d", bit).isInstanceOf(OAuthException.class);
            assertThat(vault.list()).isEmpty();
        }
        Files.write(record(), whole);
        restart();
        assertThat(vault.read(KEY)).hasValue(connection(KEY, 5));
    }

    @Test
    void a_record_that_was_cut_off_or_added_to_does_not_open() throws IOException {
        vault.write(connection(OTHER, 1));
        vault.write(connection(KEY, 5));
        byte[] whole = Files.readAllBytes(record());
        for (int length = 0; length <= whole.length + 3; length++) {
            if (length == whole.length) {
                continue;
            }
            Files.write(record(), Arrays.copyOf(whole, length));
            restart();

            assertThatThrownBy(() -> vault.read(KEY)).as("length %d", length).isInstanceOf(OAuthException.class);
            assertThat(vault.list()).containsExactly(connection(OTHER, 1));
        }
    }

    @Test
    void a_record_that_was_renamed_or_is_older_than_its_place_does_not_open() throws IOException {
        vault.write(connection(KEY, 5));
        Files.copy(record(), data.resolve("vault/acme~other"));
        Files.copy(record(), data.resolve("vault/acme2~default"));
        restart();

        assertThatThrownBy(() -> vault.read(OTHER)).isInstanceOf(OAuthException.class);
        assertThat(vault.list()).containsExactly(connection(KEY, 5));
    }

    @Test
    void each_record_has_a_data_key_of_its_own() throws IOException {
        vault.write(connection(KEY, 5));
        vault.write(connection(OTHER, 5));
        byte[] one = store.read(KEY).orElseThrow().content();
        byte[] other = store.read(OTHER).orElseThrow().content();

        // Format and key id are the same, the wrapped key begins there.
        assertThat(Arrays.copyOf(one, 17)).isEqualTo(Arrays.copyOf(other, 17));
        assertThat(Arrays.copyOfRange(one, 17, 77)).isNotEqualTo(Arrays.copyOfRange(other, 17, 77));
    }

    @Test
    void without_its_key_nothing_is_served_changed_or_made() throws IOException {
        vault.write(connection(KEY, 5));
        end();
        Files.delete(keyFile());

        assertRefusedAndUntouched(this::start, "it is missing, and 1 credential is sealed with it");
        assertThat(keyFile()).doesNotExist();
        assertThatThrownBy(this::start).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void with_another_key_nothing_is_served_or_changed() throws IOException {
        vault.write(connection(KEY, 5));
        vault.write(connection(OTHER, 5));
        String right = Files.readString(keyFile());
        end();
        Files.writeString(keyFile(), "A".repeat(43) + "=\n");

        assertRefusedAndUntouched(this::start, "is not the one that sealed what the vault holds (2). Restore that key");
        Files.writeString(keyFile(), right);
        start();
        assertThat(vault.list()).hasSize(2);
    }

    @Test
    void the_key_can_be_changed_while_credentials_are_used() throws IOException {
        vault.write(connection(KEY, 5));
        vault.write(connection(OTHER, 5));
        String before = Files.readString(keyFile());
        String record = Files.readString(record(), ISO_8859_1);

        assertThat(vault.changeKey()).isZero();

        assertThat(vault.list()).containsExactly(connection(KEY, 5), connection(OTHER, 5));
        assertThat(Files.readString(keyFile())).isNotEqualTo(before).hasSize(before.length());
        assertThat(Files.readString(record(), ISO_8859_1)).isNotEqualTo(record);
        restart();
        assertThat(vault.list()).containsExactly(connection(KEY, 5), connection(OTHER, 5));
        assertThat(vault.write(connection(KEY, 6))).isTrue();
    }

    @Test
    void a_change_of_the_key_that_was_broken_off_is_ended_at_the_next_start() throws IOException {
        vault.write(connection(KEY, 5));
        vault.write(connection(OTHER, 5));
        byte[] old = Files.readAllBytes(record());
        String first = Files.readString(keyFile());
        vault.changeKey();
        String fresh = Files.readString(keyFile());
        end();
        // As if the process had died between the two records.
        Files.write(record(), old);
        Files.writeString(keyFile(), fresh + first);
        start();

        assertThat(vault.list()).containsExactly(connection(KEY, 5), connection(OTHER, 5));
        assertThat(Files.readAllLines(keyFile())).hasSize(1);
    }

    @Test
    void a_damaged_record_keeps_the_old_key_that_may_still_mend_it() throws IOException {
        vault.write(connection(KEY, 5));
        byte[] whole = Files.readAllBytes(record());
        byte[] damaged = whole.clone();
        damaged[damaged.length - 1] ^= 1;
        Files.write(record(), damaged);
        restart();

        assertThat(vault.changeKey()).isEqualTo(1);
        assertThat(Files.readAllLines(keyFile())).hasSize(2);
        assertThat(Files.readAllBytes(record())).isEqualTo(damaged);

        Files.write(record(), whole);
        restart();
        assertThat(vault.read(KEY)).hasValue(connection(KEY, 5));
        assertThat(Files.readAllLines(keyFile())).hasSize(1);
    }

    @Test
    void a_record_that_cannot_be_read_for_a_moment_keeps_the_old_key() throws IOException {
        vault.write(connection(OTHER, 1));
        vault.write(connection(KEY, 5));
        byte[] whole = Files.readAllBytes(record());
        Files.delete(record());
        Files.createDirectory(
                record(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        restart();

        assertThat(vault.changeKey()).isEqualTo(1);
        assertThat(Files.readAllLines(keyFile())).hasSize(2);

        Files.delete(record());
        Files.write(
                Files.createFile(
                        record(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                whole);
        restart();
        assertThat(vault.read(KEY)).hasValue(connection(KEY, 5));
        assertThat(Files.readAllLines(keyFile())).hasSize(1);
    }

    @Test
    void half_a_key_that_was_being_written_is_swept_away() throws IOException {
        Path half = data.resolve("keys/.tmp-0123456789abcdef");
        Files.writeString(half, "half a k");
        restart();

        assertThat(half).doesNotExist();
    }

    @Test
    void a_damaged_record_is_reported_once() throws IOException {
        vault.write(connection(KEY, 5));
        Files.write(record(), new byte[40]);
        restart();

        for (int i = 0; i < 3; i++) {
            assertThat(vault.list()).isEmpty();
        }
        assertThat(log.text().split("cannot be opened, and is kept until a login replaces it", -1))
                .hasSize(2);
    }

    @Test
    void nothing_of_a_credential_is_in_any_file() throws IOException {
        StoredConnection canary = new StoredConnection(
                KEY,
                1,
                new Credential(
                        "canary-access",
                        "Bearer",
                        Optional.empty(),
                        Optional.of("canary-refresh"),
                        Optional.of("canary-id"),
                        List.of("canary-scope"),
                        Map.of("canary-name", "canary-value")),
                new Profile(
                        Optional.of("canary-subject"),
                        Optional.of("canary-account"),
                        Optional.of("canary-email"),
                        Optional.of("canary-plan")),
                "bundle 1",
                Instant.EPOCH,
                Optional.empty(),
                false);
        vault.write(canary);
        vault.changeKey();

        assertThat(files().values()).noneMatch(content -> content.contains("canary"));
        assertThat(log.text()).doesNotContain("canary");
    }
}
