package io.cardea.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
class LocalApiKeyTest {

    @TempDir
    Path home;

    private Path folder() {
        return home.resolve("data/keys");
    }

    private Path file() {
        return folder().resolve("api-key");
    }

    private ApiKeyRegistry open() {
        return new ApiKeyRegistry(home.resolve("data"), InstantSource.system());
    }

    private String key() throws IOException {
        return Files.readString(file()).trim();
    }

    @Test
    void the_first_start_makes_a_key_that_only_its_owner_can_read() throws IOException {
        open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
        assertThat(key()).matches("cardea_[A-Za-z0-9_-]{43}");
        try (Stream<Path> files = Files.list(folder())) {
            assertThat(files).as("nothing is left over").containsExactly(file());
        }
    }

    @Test
    void every_installation_has_a_key_of_its_own() throws IOException {
        open();
        String first = key();
        Files.delete(file());
        open();

        assertThat(key()).isNotEqualTo(first);
    }

    @Test
    void a_restart_keeps_the_key() throws IOException {
        open();
        String made = key();

        assertThat(open().accepts(made, "acme", "refresh")).isTrue();
        assertThat(key()).isEqualTo(made);
    }

    @Test
    void the_key_opens_and_nothing_else_does() throws IOException {
        ApiKeyRegistry keys = open();
        String key = key();

        assertThat(keys.accepts(key, "acme", "refresh")).isTrue();
        assertThat(keys.accepts(key, "other", "revoke")).isTrue();
        assertThat(keys.accepts("", "acme", "refresh")).isFalse();
        assertThat(keys.accepts(key + "x", "acme", "refresh")).isFalse();
        assertThat(keys.accepts(key + "\n", "acme", "refresh")).isFalse();
        assertThat(keys.accepts(key.substring(1), "acme", "refresh")).isFalse();
        assertThat(keys.accepts(key.toUpperCase(Locale.ROOT), "acme", "refresh"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwxrwxrwx"})
    void a_key_that_others_can_read_or_write_is_refused_with_the_remedy(String mode) throws IOException {
        open();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));

        assertThatThrownBy(this::open)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("run: chmod go-rwx " + file());
    }

    @Test
    void a_folder_that_others_can_enter_is_refused_with_the_remedy() throws IOException {
        open();
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(this::open)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("run: chmod go-rwx " + folder());
    }

    @Test
    void a_symbolic_link_in_the_keys_place_is_refused() throws IOException {
        open();
        Path elsewhere = Files.move(file(), home.resolve("elsewhere"));
        Files.createSymbolicLink(file(), elsewhere);

        assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class).hasMessageContaining("symbolic link");
    }

    @Test
    void a_symbolic_link_to_nowhere_is_refused_and_not_followed() throws IOException {
        open();
        Files.delete(file());
        Path elsewhere = home.resolve("elsewhere");
        Files.createSymbolicLink(file(), elsewhere);

        assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class).hasMessageContaining("symbolic link");
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void a_symbolic_link_in_the_folders_place_is_refused() throws IOException {
        open();
        Path elsewhere = Files.move(folder(), home.resolve("elsewhere"));
        Files.createSymbolicLink(folder(), elsewhere);

        assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class).hasMessageContaining("symbolic link");
    }

    @Test
    void no_key_is_made_where_a_symbolic_link_leads() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createDirectories(folder().getParent());
        Files.createSymbolicLink(folder(), elsewhere);

        assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class).hasMessageContaining("symbolic link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  "})
    void an_empty_key_is_refused_for_it_would_open_to_everybody(String content) throws IOException {
        open();
        Files.writeString(file(), content);

        assertThatThrownBy(this::open).isInstanceOf(UncheckedIOException.class).hasMessageContaining("empty");
    }

    @Test
    void no_message_repeats_the_key() throws IOException {
        open();
        String key = key();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(this::open).hasMessageNotContaining(key);
    }
}
