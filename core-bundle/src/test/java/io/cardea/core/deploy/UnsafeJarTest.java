package io.cardea.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleException;

/** A jar is code: it is taken from whoever owns the folder, and only if nobody else could have written it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
class UnsafeJarTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    private BundleDeployer deployer;
    private Path jar;

    @BeforeEach
    void open() throws IOException {
        deployer = DeploySetup.deployer(osgi);
        jar = new BundleJar("acme", "1.0.0").write(folder.resolve("acme.jar"));
    }

    @AfterEach
    void close() throws BundleException {
        osgi.uninstallAll();
    }

    private void mode(String mode) throws IOException {
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString(mode));
    }

    /** Only the superuser may give files away. */
    private static void giveAway(Path file) {
        boolean given;
        try {
            Files.setAttribute(file, "unix:uid", 12345);
            given = true;
        } catch (IOException | UnsupportedOperationException e) {
            given = false;
        }
        assumeTrue(given, "this user cannot give files away");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--rw-", "rw-rw-r--"})
    void one_that_others_may_write_is_refused_with_the_remedy(String mode) throws IOException {
        mode(mode);
        deployer.install(jar.toFile());

        assertThat(osgi.find("acme")).isEmpty();
        assertThat(log.text()).contains("ERROR").contains("others may write it; run: chmod go-w " + jar);

        mode("rw-r--r--");
        deployer.update(jar.toFile());
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    void an_update_that_everybody_may_write_leaves_the_running_bundle() throws IOException {
        deployer.install(jar.toFile());
        new BundleJar("acme", "2.0.0").write(jar);
        mode("rw-rw-rw-");
        deployer.update(jar.toFile());

        assertThat(osgi.find("acme").orElseThrow().getVersion()).hasToString("1.0.0");
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    void one_that_belongs_to_another_user_than_the_folder_is_refused() {
        giveAway(jar);
        deployer.install(jar.toFile());

        assertThat(osgi.find("acme")).isEmpty();
        assertThat(log.text()).contains("it belongs to another user than its folder");
    }

    @Test
    void one_that_belongs_to_whom_the_folder_belongs_is_taken() {
        giveAway(jar);
        giveAway(folder);
        deployer.install(jar.toFile());

        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    void a_link_is_judged_by_where_it_leads() throws IOException {
        mode("rw-r--rw-");
        Path link = Files.createSymbolicLink(folder.resolve("link.jar"), jar);
        deployer.install(link.toFile());

        assertThat(osgi.find("acme")).isEmpty();
    }
}
