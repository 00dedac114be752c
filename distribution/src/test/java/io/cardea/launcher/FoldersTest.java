package io.cardea.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldersTest {
    @TempDir
    private Path home;

    private final Folders folders = new Folders();

    @Test
    void what_is_missing_is_made_and_nobody_else_can_enter_the_state() throws IOException {
        folders.prepare(settings());

        assertThat(modes(home.resolve("data"))).isEqualTo("rwx------");
        assertThat(modes(home.resolve("data/log"))).isEqualTo("rwx------");
        assertThat(modes(home.resolve("data/cache"))).isEqualTo("rwx------");
        assertThat(modes(home.resolve("deploy"))).matches("rwx(r-x|---){2}");
    }

    @Test
    void folders_that_are_there_and_safe_are_left_alone() throws IOException {
        folders.prepare(settings());
        Path kept = Files.writeString(home.resolve("data/kept"), "kept");

        folders.prepare(settings());

        assertThat(kept).hasContent("kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-x---", "rwx--x---", "rwx-----x", "rwxrwxrwx"})
    void state_that_others_can_enter_is_refused_with_the_remedy(String modes) throws IOException {
        Path data = folder("data", modes);

        assertThatThrownBy(() -> folders.prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessage(data + " is open to others (" + modes + "); mend it with: chmod 700 " + data);
    }

    @Test
    void secrets_that_others_can_enter_are_refused() throws IOException {
        Path secrets = folder("conf/secrets", "rwxr-xr-x");

        assertThatThrownBy(() -> folders.prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessageEndingWith("chmod 700 " + secrets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx"})
    void a_deploy_folder_that_others_can_write_is_refused(String modes) throws IOException {
        Path deploy = folder("deploy", modes);

        assertThatThrownBy(() -> folders.prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessageEndingWith("chmod go-w " + deploy);
    }

    @Test
    void a_deploy_folder_that_others_can_read_is_fine() throws IOException {
        folder("deploy", "rwxr-xr-x");

        folders.prepare(settings());

        assertThat(modes(home.resolve("deploy"))).isEqualTo("rwxr-xr-x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "deploy", "conf/secrets"})
    void a_symbolic_link_is_refused_and_names_its_target(String name) throws IOException {
        Path target = folder("elsewhere", "rwx------");
        Files.createDirectories(home.resolve("conf"));
        Files.createSymbolicLink(home.resolve(name), target);

        assertThatThrownBy(() -> folders.prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(home.resolve(name) + " is a symbolic link")
                .hasMessageContaining(target.toRealPath().toString());
    }

    @Test
    void a_key_that_others_can_read_is_refused_with_the_remedy() throws IOException {
        Path keys = home.resolve("keys");
        new Folders().privateFiles(keys);
        new Folders().privateFolder(keys);
        Path key = Files.createFile(
                keys.resolve("api-key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        new Folders().privateFiles(keys);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> new Folders().privateFiles(keys))
                .isInstanceOf(Refusal.class)
                .hasMessage(key + " is open to others (rw-r-----); mend it with: chmod 600 " + key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit.log", "audit.log.1"})
    void an_audit_log_that_others_can_read_or_that_leads_elsewhere_is_refused(String name) throws IOException {
        Path log = Files.writeString(folder("data", "rwx------").resolve(name), "");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> folders.prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessage(log + " is open to others (rw-r-----); mend it with: chmod 600 " + log);

        Files.move(log, home.resolve("elsewhere"));
        Files.createSymbolicLink(log, home.resolve("elsewhere"));
        assertThatThrownBy(() -> folders.prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(log + " is a symbolic link");
    }

    @Test
    void a_folder_of_another_user_is_refused() throws IOException {
        Path data = folder("data", "rwx------");
        long other = new UnixSystem().getUid() + 1;

        assertThatThrownBy(() -> new Folders(other).prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith(data + " belongs to ")
                .hasMessageEndingWith("chown -R " + other + " " + data);
    }

    @Test
    void a_file_in_the_place_of_a_folder_is_refused() throws IOException {
        Path data = Files.writeString(home.resolve("data"), "");

        assertThatThrownBy(() -> folders.prepare(settings()))
                .isInstanceOf(Refusal.class)
                .hasMessage(data + " is not a folder");
    }

    @Test
    void a_remedy_can_be_pasted_although_the_path_has_blanks_and_quotes() throws IOException {
        Path deploy = folder("my deploy's", "rwxrwxrwx");

        assertThatThrownBy(() -> folders.deployFolder(deploy))
                .isInstanceOf(Refusal.class)
                .hasMessageEndingWith("chmod go-w '" + home + "/my deploy'\\''s'");
    }

    private Settings settings() throws IOException {
        Path file = Files.createDirectories(home.resolve("conf")).resolve("cardea.properties");
        Files.writeString(file, "");
        return Settings.load(home, Map.of());
    }

    private Path folder(String name, String modes) throws IOException {
        Path folder = Files.createDirectories(home.resolve(name));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(modes));
    }

    private static String modes(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }
}
