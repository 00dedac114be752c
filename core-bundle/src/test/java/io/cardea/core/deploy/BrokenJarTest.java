package io.cardea.core.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleException;

/** What cannot be deployed is reported, and changes nothing for what runs. */
class BrokenJarTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    private BundleDeployer deployer;
    private Path jar;

    @BeforeEach
    void open() {
        deployer = DeploySetup.deployer(osgi);
        jar = folder.resolve("acme.jar");
    }

    @AfterEach
    void close() throws BundleException {
        osgi.uninstallAll();
    }

    private void deployed() throws IOException {
        new BundleJar("acme", "1.0.0").write(jar);
        deployer.install(jar.toFile());
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PK", "this is no jar", "PK\u0003\u0004 neither is this"})
    void a_file_that_is_no_jar_is_reported_and_changes_nothing(String content) throws IOException {
        deployed();
        Path broken = Files.writeString(folder.resolve("broken.jar"), content);
        deployer.install(broken.toFile());

        assertThat(osgi.context().getBundles()).hasSize(2);
        assertThat(osgi.isActive("acme")).isTrue();
        assertThat(log.text()).contains("ERROR").contains("broken.jar is not deployed: it is no readable jar");
    }

    @Test
    void a_jar_that_was_copied_in_part_is_reported_and_deployed_once_it_is_whole() throws IOException {
        byte[] whole = new BundleJar("acme", "1.0.0")
                .entry("data", "x".repeat(5000).getBytes(US_ASCII))
                .bytes();
        for (int length : new int[] {1, 100, whole.length / 2, whole.length - 1}) {
            Files.write(jar, Arrays.copyOf(whole, length));
            deployer.update(jar.toFile());
            assertThat(osgi.find("acme")).as(length + " bytes").isEmpty();
        }
        assertThat(log.text()).contains("acme.jar is not deployed");

        Files.write(jar, whole);
        deployer.update(jar.toFile());
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    void a_jar_with_a_damaged_file_in_it_is_reported() throws IOException {
        byte[] damaged = new BundleJar("acme", "1.0.0")
                .entry("data", "the content".getBytes(US_ASCII))
                .bytes();
        damaged[new String(damaged, ISO_8859_1).indexOf("the content")] ^= 1;
        Files.write(jar, damaged);
        deployer.install(jar.toFile());

        assertThat(osgi.find("acme")).isEmpty();
        assertThat(log.text()).contains("ERROR").contains("acme.jar is not deployed");
    }

    @Test
    void a_jar_that_is_no_bundle_is_reported() throws IOException {
        new BundleJar().write(jar);
        deployer.install(jar.toFile());

        assertThat(osgi.context().getBundles()).hasSize(1);
        assertThat(log.text())
                .contains("ERROR")
                .contains("acme.jar is not deployed: it is a jar but no OSGi bundle (its manifest has no"
                        + " Bundle-SymbolicName)");
    }

    @Test
    void a_bundle_whose_manifest_is_wrong_is_reported() throws IOException {
        new BundleJar("acme", "1.0.0").header("Import-Package", ";;;").write(jar);
        deployer.install(jar.toFile());

        assertThat(osgi.find("acme")).isEmpty();
        assertThat(log.text()).contains("ERROR").contains("acme.jar is not deployed");
    }

    @Test
    void an_update_to_a_broken_jar_leaves_the_running_bundle() throws IOException {
        deployed();
        Files.writeString(jar, "half a copy");
        deployer.update(jar.toFile());
        assertThat(osgi.find("acme").orElseThrow().getVersion()).hasToString("1.0.0");
        assertThat(osgi.isActive("acme")).isTrue();

        new BundleJar("acme", "2.0.0").header("Import-Package", ";;;").write(jar);
        deployer.update(jar.toFile());
        assertThat(osgi.find("acme").orElseThrow().getVersion()).hasToString("1.0.0");
        assertThat(osgi.isActive("acme")).isTrue();
        assertThat(log.text()).contains("ERROR").contains("acme 1.0.0 runs on in its place");

        new BundleJar("acme", "3.0.0").write(jar);
        deployer.update(jar.toFile());
        assertThat(osgi.find("acme").orElseThrow().getVersion()).hasToString("3.0.0");
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    void a_second_jar_with_the_same_name_and_version_is_reported_and_the_first_runs_on() throws Exception {
        deployed();
        Path copy = new BundleJar("acme", "1.0.0").write(folder.resolve("copy.jar"));
        deployer.install(copy.toFile());
        assertThat(osgi.context().getBundles()).hasSize(2);
        assertThat(log.text()).contains("ERROR").contains("copy.jar is not deployed");

        deployer.uninstall(copy.toFile());
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    void a_jar_that_was_never_deployed_can_disappear() throws Exception {
        deployed();
        deployer.uninstall(folder.resolve("broken.jar").toFile());

        assertThat(osgi.isActive("acme")).isTrue();
    }
}
