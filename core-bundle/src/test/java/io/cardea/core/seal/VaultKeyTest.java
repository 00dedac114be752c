package io.cardea.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.vault.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
class VaultKeyTest {

    private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

    @TempDir
    Path data;

    private final MemoryStore store = new MemoryStore();

    private Path file() {
        return data.resolve("keys/vault-key");
    }

    private VaultKey open() {
        return VaultKey.of(data, store);
    }

    @Test
    void the_first_start_makes_a_key_of_256_bits_that_only_its_owner_can_read() throws IOException {
        open();

        assertThat(Base64.getDecoder().decode(Files.readString(file()).trim())).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void what_it_sealed_opens_after_a_restart() {
        byte[] sealed = open().current().sealer("login").seal(MESSAGE, "here");

        assertThat(open().current().sealer("login").open(sealed, "here")).hasValue(MESSAGE);
    }

    @Test
    void what_it_sealed_opens_with_no_other_key() throws IOException {
        byte[] sealed = open().current().sealer("login").seal(MESSAGE, "here");
        Files.delete(file());

        assertThat(open().current().sealer("login").open(sealed, "here")).isEmpty();
    }

    @Test
    void what_is_sealed_for_one_purpose_opens_for_no_other() {
        byte[] sealed = open().current().sealer("login").seal(MESSAGE, "here");

        assertThat(open().current().sealer("vault").open(sealed, "here")).isEmpty();
        assertThat(open().current().sealer("").open(sealed, "here")).isEmpty();
    }

    /** The keys of a format that rests on disks must not change by accident. */
    @Test
    void the_key_of_a_purpose_is_what_hkdf_makes_of_the_key_for_it() throws Exception {
        Files.createDirectories(
                file().getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file(), Base64.getEncoder().encodeToString(new byte[32]));
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        byte[] sealed = open().current().sealer("login").seal(MESSAGE, "here");

        // RFC 5869 by another program: SHA-256, no salt, the info "cardea login", a key of 32 zeros.
        byte[] derived = HexFormat.of().parseHex("33f6b6a2ca82360b28785198e802102c429aaabaa5508901c62ec20794f7529d");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(derived, "AES"),
                new GCMParameterSpec(128, Arrays.copyOf(sealed, 12)));
        cipher.updateAAD("here".getBytes(UTF_8));
        assertThat(cipher.doFinal(sealed, 12, sealed.length - 12)).isEqualTo(MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "no Base64!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void a_key_that_cannot_be_is_refused_and_left_as_it_is(String content) throws IOException {
        open();
        Files.writeString(file(), content);

        assertThatThrownBy(this::open)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("The vault key " + file() + " cannot be used");
        assertThat(Files.readString(file())).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void a_key_that_others_can_read_or_write_is_refused_and_not_repeated(String mode) throws IOException {
        open();
        String key = Files.readString(file()).trim();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));

        assertThatThrownBy(this::open)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("chmod go-rwx")
                .hasMessageNotContaining(key);
    }

    @Test
    void whoever_seals_elsewhere_seals_again_before_the_old_keys_go() throws IOException {
        VaultKey key = open();
        byte[] sealed = key.current().sealer("flow").seal(MESSAGE, "here");
        AtomicInteger asked = new AtomicInteger();
        VaultKey.Registration registration = key.beforeRetiring(() -> {
            asked.incrementAndGet();
            assertThat(key.all()).hasSize(2);
            assertThat(key.current().sealer("flow").open(sealed, "here")).isEmpty();
        });
        key.retire();
        assertThat(asked).as("there is none to retire").hasValue(0);
        key.change();
        key.retire();
        assertThat(asked).hasValue(1);

        registration.close();
        key.change();
        key.retire();
        assertThat(asked).hasValue(1);
    }
}
