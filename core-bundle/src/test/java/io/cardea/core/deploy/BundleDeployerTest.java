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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

class BundleDeployerTest {

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
        deployer = new BundleDeployer(osgi.context());
        jar = folder.resolve("acme.jar");
    }

    @AfterEach
    void close() throws BundleException {
        for (Bundle bundle : osgi.context().getBundles()) {
            if (bundle.getBundleId() != 0) {
                bundle.uninstall();
            }
        }
    }

    private Optional<Bundle> bundle(String name) {
        return Arrays.stream(osgi.context().getBundles())
                .filter(known -> name.equals(known.getSymbolicName()))
                .findFirst();
    }

    private String version(String name) {
        return bundle(name).orElseThrow().getVersion().toString();
    }

    private boolean isActive(String name) {
        return bundle(name).orElseThrow().getState() == Bundle.ACTIVE;
    }

    private void deployed() throws IOException {
        new BundleJar("acme", "1.0.0").write(jar);
        deployer.install(jar.toFile());
        assertThat(isActive("acme")).isTrue();
    }

    @Test
    void it_takes_every_jar_and_nothing_else() {
        assertThat(deployer.canHandle(jar.toFile())).isTrue();
        assertThat(deployer.canHandle(folder.resolve("acme.cfg").toFile())).isFalse();
        assertThat(deployer.canHandle(folder.resolve("acme.jar.part").toFile())).isFalse();
    }

    @Test
    void a_bundle_runs_when_its_jar_appears_and_is_gone_with_it() throws Exception {
        deployed();
        assertThat(log.text()).contains("Deployed acme.jar as acme 1.0.0");

        deployer.uninstall(jar.toFile());
        assertThat(bundle("acme")).isEmpty();
        assertThat(log.text()).contains("Withdrew acme 1.0.0 with acme.jar");
    }

    @Test
    void a_newer_jar_takes_the_place_of_the_older() throws IOException {
        deployed();
        long id = bundle("acme").orElseThrow().getBundleId();
        new BundleJar("acme", "2.0.0").write(jar);
        deployer.update(jar.toFile());

        assertThat(version("acme")).isEqualTo("2.0.0");
        assertThat(isActive("acme")).isTrue();
        assertThat(bundle("acme").orElseThrow().getBundleId()).isEqualTo(id);
        assertThat(log.text()).contains("Updated acme.jar to acme 2.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PK", "this is no jar", "PK\u0003\u0004 neither is this"})
    void a_file_that_is_no_jar_is_reported_and_changes_nothing(String content) throws IOException {
        deployed();
        Path broken = Files.writeString(folder.resolve("broken.jar"), content);
        deployer.install(broken.toFile());

        assertThat(osgi.context().getBundles()).hasSize(2);
        assertThat(isActive("acme")).isTrue();
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
            assertThat(bundle("acme")).as(length + " bytes").isEmpty();
        }
        assertThat(log.text()).contains("acme.jar is not deployed");

        Files.write(jar, whole);
        deployer.update(jar.toFile());
        assertThat(isActive("acme")).isTrue();
    }

    @Test
    void a_jar_with_a_damaged_file_in_it_is_reported() throws IOException {
        byte[] damaged = new BundleJar("acme", "1.0.0")
                .entry("data", "the content".getBytes(US_ASCII))
                .bytes();
        damaged[new String(damaged, ISO_8859_1).indexOf("the content")] ^= 1;
        Files.write(jar, damaged);
        deployer.install(jar.toFile());

        assertThat(bundle("acme")).isEmpty();
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

        assertThat(bundle("acme")).isEmpty();
        assertThat(log.text()).contains("ERROR").contains("acme.jar is not deployed");
    }

    @Test
    void an_update_to_a_broken_jar_leaves_the_running_bundle() throws IOException {
        deployed();
        Files.writeString(jar, "half a copy");
        deployer.update(jar.toFile());
        assertThat(version("acme")).isEqualTo("1.0.0");
        assertThat(isActive("acme")).isTrue();

        new BundleJar("acme", "2.0.0").header("Import-Package", ";;;").write(jar);
        deployer.update(jar.toFile());
        assertThat(version("acme")).isEqualTo("1.0.0");
        assertThat(isActive("acme")).isTrue();
        assertThat(log.text()).contains("ERROR").contains("Nothing else has changed");

        new BundleJar("acme", "3.0.0").write(jar);
        deployer.update(jar.toFile());
        assertThat(version("acme")).isEqualTo("3.0.0");
        assertThat(isActive("acme")).isTrue();
    }

    @Test
    void a_bundle_that_lacks_something_is_reported_and_starts_when_it_comes() throws IOException {
        new BundleJar("acme", "1.0.0")
                .header("Require-Capability", "test.thing")
                .write(jar);
        deployer.install(jar.toFile());
        assertThat(isActive("acme")).isFalse();
        assertThat(log.text())
                .contains("ERROR")
                .contains("acme 1.0.0 is deployed but cannot start")
                .contains("test.thing");

        Path other = new BundleJar("other", "1.0.0")
                .header("Provide-Capability", "test.thing")
                .write(folder.resolve("other.jar"));
        deployer.install(other.toFile());
        assertThat(isActive("other")).isTrue();
        assertThat(isActive("acme")).isTrue();
    }

    @Test
    void a_bundle_that_cannot_start_harms_no_other() throws IOException {
        new BundleJar("acme", "1.0.0")
                .header("Bundle-Activator", "no.such.Activator")
                .write(jar);
        deployer.install(jar.toFile());
        Path other = new BundleJar("other", "1.0.0").write(folder.resolve("other.jar"));
        deployer.install(other.toFile());

        assertThat(isActive("acme")).isFalse();
        assertThat(isActive("other")).isTrue();
        assertThat(log.text()).contains("acme 1.0.0 is deployed but cannot start");
    }

    @Test
    void a_second_jar_with_the_same_name_and_version_is_reported_and_the_first_runs_on() throws Exception {
        deployed();
        Path copy = new BundleJar("acme", "1.0.0").write(folder.resolve("copy.jar"));
        deployer.install(copy.toFile());
        assertThat(osgi.context().getBundles()).hasSize(2);
        assertThat(log.text()).contains("ERROR").contains("copy.jar is not deployed");

        deployer.uninstall(copy.toFile());
        assertThat(isActive("acme")).isTrue();
    }

    @Test
    void a_jar_that_was_never_deployed_can_disappear() throws Exception {
        deployed();
        deployer.uninstall(folder.resolve("broken.jar").toFile());

        assertThat(isActive("acme")).isTrue();
    }

    @Test
    void a_bundle_that_waits_can_be_withdrawn() throws Exception {
        new BundleJar("acme", "1.0.0")
                .header("Require-Capability", "test.other")
                .write(jar);
        deployer.install(jar.toFile());
        deployer.uninstall(jar.toFile());
        Path other = new BundleJar("other", "1.0.0").write(folder.resolve("other.jar"));
        deployer.install(other.toFile());

        assertThat(bundle("acme")).isEmpty();
        assertThat(isActive("other")).isTrue();
    }

    @Test
    void a_file_name_with_blanks_and_accents_is_no_obstacle() throws Exception {
        Path odd = new BundleJar("acme", "1.0.0").write(folder.resolve("acm\u00e9 #1 100%.jar"));
        deployer.install(odd.toFile());
        assertThat(isActive("acme")).isTrue();

        deployer.uninstall(odd.toFile());
        assertThat(bundle("acme")).isEmpty();
    }
}
