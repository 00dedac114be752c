package io.cardea.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.seal.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;

/** Where jars must be listed, only those run whose very bytes are. */
class TrustedBundlesTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    private BundleDeployer deployer;
    private Path jar;
    private Path list;
    private String digest;

    @BeforeEach
    void open() throws IOException {
        list = Files.createDirectory(folder.resolve("conf")).resolve("trusted-bundles");
        mode(list.getParent(), "rwxr-xr-x");
        deployer = new BundleDeployer(
                osgi.context(), new EventLog(), new TrustedBundles(Optional.of(list)), DeploySetup.IMPATIENT);
        jar = new BundleJar("acme", "1.0.0").write(folder.resolve("acme.jar"));
        digest = HexFormat.of().formatHex(Sha256.of(Files.readAllBytes(jar)));
    }

    @AfterEach
    void close() throws BundleException {
        osgi.uninstallAll();
    }

    private static void mode(Path file, String mode) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private void listed(String... lines) throws IOException {
        Files.write(list, List.of(lines));
        mode(list, "rw-r--r--");
    }

    private boolean isDeployed() {
        deployer.update(jar.toFile());
        return osgi.find("acme").isPresent();
    }

    @Test
    void where_there_is_no_list_nothing_is_trusted() {
        assertThat(isDeployed()).isFalse();
        assertThat(log.text())
                .contains(
                        "acme.jar is not deployed: it is not trusted: CARDEA_DEPLOY_TRUST is listed, and there is no file "
                                + list);
    }

    @Test
    void what_is_not_in_the_list_is_refused_with_the_line_to_add() throws IOException {
        listed("# nothing yet", "", "0".repeat(64) + "  acme.jar", "nonsense");
        assertThat(isDeployed()).isFalse();
        String line = digest + "  acme.jar";
        assertThat(log.text())
                .contains("its SHA-256 is not in " + list + ". If you trust it, add this line to " + list
                        + " and copy the jar again: " + line);

        listed("0".repeat(64) + "  other.jar", line);
        assertThat(isDeployed()).isTrue();
    }

    @Test
    void a_line_is_as_sha256sum_writes_it_and_the_name_in_it_is_for_people() throws IOException {
        listed(digest.toUpperCase(Locale.ROOT) + " *elsewhere/other name.jar");
        assertThat(isDeployed()).isTrue();
    }

    @Test
    void a_comment_trusts_nothing() throws IOException {
        listed("# " + digest + "  acme.jar", "#" + digest, digest + "0  acme.jar", digest.substring(1) + "  acme.jar");
        assertThat(isDeployed()).isFalse();
    }

    @Test
    void an_update_that_is_not_trusted_leaves_what_runs() throws IOException {
        listed(digest + "  acme.jar");
        assertThat(isDeployed()).isTrue();
        new BundleJar("acme", "2.0.0").write(jar);
        deployer.update(jar.toFile());

        assertThat(osgi.find("acme").orElseThrow().getVersion()).hasToString("1.0.0");
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
    void a_list_that_others_may_write_trusts_nothing() throws IOException {
        listed(digest + "  acme.jar");
        mode(list, "rw-rw-r--");
        assertThat(isDeployed()).isFalse();
        assertThat(log.text()).contains("nothing is taken from " + list + ", for others may write it; run: chmod go-w");

        mode(list, "rw-r--r--");
        mode(list.getParent(), "rwxrwxr-x");
        assertThat(isDeployed()).isFalse();
        assertThat(log.text()).contains("for others may write its folder; run: chmod go-w " + list.getParent());
    }

    @Test
    void the_bytes_that_were_looked_at_are_those_that_are_installed() throws Exception {
        Path copy = folder.resolve("copy");
        byte[] before = Files.readAllBytes(jar);
        try (JarCopy looked = JarCopy.of(jar, copy)) {
            new BundleJar("evil", "1.0.0").write(jar);
            assertThat(looked.digest()).isEqualTo(digest);
            assertThat(looked.open()).hasBinaryContent(before);
        }
        assertThat(copy).doesNotExist();
    }
}
