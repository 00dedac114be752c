package io.cardea.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
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
        assertThat(osgi.find("acme")).isEmpty();
        assertThat(log.text()).contains("Withdrew acme 1.0.0 with acme.jar");
    }

    @Test
    void a_newer_jar_takes_the_place_of_the_older() throws IOException {
        deployed();
        new BundleJar("acme", "2.0.0").write(jar);
        deployer.update(jar.toFile());

        assertThat(osgi.find("acme").orElseThrow().getVersion()).hasToString("2.0.0");
        assertThat(osgi.isActive("acme")).isTrue();
        assertThat(osgi.context().getBundles()).hasSize(2);
        assertThat(log.text()).contains("Updated acme.jar to acme 2.0.0");
    }

    @Test
    void a_second_copy_of_a_bundle_names_the_first_and_takes_its_place_when_that_goes() throws Exception {
        deployed();
        Path copy = new BundleJar("acme;singleton:=true", "1.0.0").write(folder.resolve("acme copy.jar"));
        deployer.install(copy.toFile());

        assertThat(log.text())
                .contains("ERROR")
                .contains("acme copy.jar is not deployed: it holds acme 1.0.0, which is here already from " + jar
                        + "; delete one of the two, or give this one another Bundle-Version. Nothing else has changed.")
                .doesNotContain("unique");
        assertThat(osgi.isActive("acme")).isTrue();

        deployer.uninstall(jar.toFile());
        assertThat(osgi.isActive("acme")).isTrue();
        assertThat(osgi.find("acme").orElseThrow().getLocation())
                .startsWith(copy.toFile().toURI() + "#");

        deployer.uninstall(copy.toFile());
        assertThat(osgi.find("acme")).isEmpty();
    }

    @Test
    void a_copy_of_what_is_from_no_file_is_told_where_that_is_from() throws Exception {
        osgi.bundle("acme", "1.0.0");
        new BundleJar("acme", "1.0.0").write(jar);
        deployer.install(jar.toFile());

        assertThat(log.text()).contains("which is here already from test:acme:1.0.0;");
    }

    @Test
    void a_copy_that_has_gone_does_not_come_back() throws Exception {
        deployed();
        Path copy = new BundleJar("acme", "1.0.0").write(folder.resolve("copy.jar"));
        deployer.install(copy.toFile());
        deployer.uninstall(copy.toFile());
        deployer.uninstall(jar.toFile());

        assertThat(osgi.find("acme")).isEmpty();
    }

    @Test
    void a_bundle_that_lacks_something_is_reported_and_starts_when_it_comes() throws IOException {
        new BundleJar("acme", "1.0.0")
                .header("Require-Capability", "test.thing")
                .write(jar);
        deployer.install(jar.toFile());
        assertThat(osgi.isActive("acme")).isFalse();
        assertThat(log.text())
                .contains("ERROR")
                .contains("acme.jar is not deployed: acme 1.0.0 cannot start")
                .contains("test.thing");

        Path other = new BundleJar("other", "1.0.0")
                .header("Provide-Capability", "test.thing")
                .write(folder.resolve("other.jar"));
        deployer.install(other.toFile());
        assertThat(osgi.isActive("other")).isTrue();
        assertThat(osgi.isActive("acme")).isTrue();
    }

    @Test
    void a_bundle_that_cannot_start_harms_no_other() throws IOException {
        new BundleJar("acme", "1.0.0")
                .header("Bundle-Activator", "no.such.Activator")
                .write(jar);
        deployer.install(jar.toFile());
        Path other = new BundleJar("other", "1.0.0").write(folder.resolve("other.jar"));
        deployer.install(other.toFile());

        assertThat(osgi.isActive("acme")).isFalse();
        assertThat(osgi.isActive("other")).isTrue();
        assertThat(log.text()).contains("acme.jar is not deployed: acme 1.0.0 cannot start");
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

        assertThat(osgi.find("acme")).isEmpty();
        assertThat(osgi.isActive("other")).isTrue();
    }

    @Test
    void a_file_name_with_blanks_and_accents_is_no_obstacle() throws Exception {
        Path odd = new BundleJar("acme", "1.0.0").write(folder.resolve("acm\u00e9 #1 100%.jar"));
        deployer.install(odd.toFile());
        assertThat(osgi.isActive("acme")).isTrue();

        deployer.uninstall(odd.toFile());
        assertThat(osgi.find("acme")).isEmpty();
    }
}
