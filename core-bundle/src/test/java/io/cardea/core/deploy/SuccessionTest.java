package io.cardea.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.deploy.BundleDeployer.Patience;
import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.core.registry.ProviderServices;
import io.cardea.oauth.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A newcomer takes the place of a bundle only when it can do what that one does; until then that one serves. */
class SuccessionTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private ProviderServices services;
    private BundleDeployer deployer;
    private Path jar;

    @BeforeEach
    void open() {
        services = new ProviderServices(osgi.context());
        osgi.context().addBundleListener(services.registry());
        EventLog told = new EventLog();
        told.subscribe(0, events::add);
        deployer = DeploySetup.deployer(
                osgi, told, new Patience(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO));
        jar = folder.resolve("acme.jar");
    }

    @AfterEach
    void close() {
        System.setProperty(ScriptedActivator.RELEASED, "yes");
        Stages.eventually(SuccessionTest::isEmpty);
        osgi.context().removeBundleListener(services.registry());
        services.close();
        System.clearProperty(ScriptedActivator.RELEASED);
    }

    /** Those that hung leave by themselves, perhaps at this very moment. */
    private static boolean isEmpty() {
        try {
            osgi.uninstallAll();
        } catch (BundleException | IllegalStateException e) {
            return false;
        }
        return bundles().isEmpty();
    }

    private void deploy(BundleJar content) throws IOException {
        content.write(jar);
        deployer.update(jar.toFile());
    }

    private static BundleJar acme(String version) throws IOException {
        return DeploySetup.withProviders("io.acme", version, "acme");
    }

    private String serving() {
        return services.registry().find("acme").orElseThrow().pluginVersion();
    }

    private static List<String> bundles() {
        return Arrays.stream(osgi.context().getBundles())
                .skip(1)
                .map(bundle -> bundle.getSymbolicName() + " " + bundle.getVersion())
                .toList();
    }

    private void assertRefused(String version, String why) {
        assertThat(serving()).isEqualTo("1.0.0");
        assertThat(bundles()).as("nothing is left of " + version).containsExactly("io.acme 1.0.0");
        assertThat(log.text())
                .contains("ERROR")
                .contains("acme.jar is not deployed: " + why)
                .contains(
                        "io.acme 1.0.0 runs on in its place; put a jar that works, or the one before, into the folder");
        Event last = events.get(events.size() - 1);
        assertThat(last.type()).isEqualTo(Event.Type.DEPLOYMENT_FAILED);
        assertThat(last.detail().orElseThrow()).startsWith("acme.jar: " + why).contains("io.acme 1.0.0 runs on");
        assertThat(last.provider()).isEmpty();
    }

    @Test
    void there_is_no_moment_without_the_provider() throws Exception {
        deploy(acme("1.0.0"));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger gaps = new AtomicInteger();
        Thread visitor = new Thread(() -> {
            while (!over.get()) {
                looks.incrementAndGet();
                if (services.registry().find("acme").isEmpty()) {
                    gaps.incrementAndGet();
                }
            }
        });
        visitor.start();
        for (int minor = 1; minor <= 20; minor++) {
            deploy(acme("1." + minor + ".0"));
        }
        over.set(true);
        visitor.join();

        assertThat(serving()).isEqualTo("1.20.0");
        assertThat(bundles()).containsExactly("io.acme 1.20.0");
        assertThat(looks.get()).isPositive();
        assertThat(gaps).hasValue(0);
    }

    @Test
    void another_build_of_the_same_version_takes_its_place_too() throws Exception {
        deploy(acme("1.0.0"));
        long before = osgi.find("io.acme").orElseThrow().getBundleId();
        deploy(acme("1.0.0").header("Built", "again"));

        assertThat(bundles()).containsExactly("io.acme 1.0.0");
        assertThat(osgi.find("io.acme").orElseThrow().getBundleId()).isNotEqualTo(before);
        assertThat(serving()).isEqualTo("1.0.0");
    }

    @Test
    void the_same_jar_once_more_changes_nothing() throws Exception {
        deploy(acme("1.0.0"));
        Bundle before = osgi.find("io.acme").orElseThrow();
        deployer.update(jar.toFile());

        assertThat(osgi.find("io.acme")).contains(before);
        assertThat(events)
                .singleElement()
                .extracting(event -> event.type() + " " + event.detail().orElse(""))
                .isEqualTo("DEPLOYMENT_COMPLETED acme.jar: io.acme 1.0.0");
    }

    @Test
    void of_two_that_are_left_of_one_file_the_one_that_it_holds_stays() throws Exception {
        deploy(acme("1.0.0"));
        byte[] old = acme("0.9.0").bytes();
        osgi.context()
                .installBundle(jar.toFile().toURI() + "#older", new ByteArrayInputStream(old))
                .start();
        deployer.update(jar.toFile());

        assertThat(bundles()).containsExactly("io.acme 1.0.0");
    }

    @Test
    void one_of_another_name_in_the_same_file_takes_its_place() throws Exception {
        deploy(acme("1.0.0"));
        deploy(DeploySetup.withProviders("com.acme", "2.0.0", "acme"));

        assertThat(bundles()).containsExactly("com.acme 2.0.0");
        assertThat(serving()).isEqualTo("2.0.0");
    }

    @Test
    void one_that_does_not_resolve_leaves_the_other_and_comes_when_what_it_lacks_does() throws Exception {
        deploy(acme("1.0.0"));
        deploy(acme("2.0.0").header("Require-Capability", "test.thing"));
        assertRefused("2.0.0", "io.acme 2.0.0 cannot start: Unable to resolve io.acme");

        Path other = new BundleJar("other", "1.0.0")
                .header("Provide-Capability", "test.thing")
                .write(folder.resolve("other.jar"));
        deployer.install(other.toFile());
        assertThat(serving()).isEqualTo("2.0.0");
    }

    @Test
    void one_whose_start_throws_leaves_the_other() throws Exception {
        deploy(acme("1.0.0"));
        deploy(acme("2.0.0").header(ScriptedActivator.START, "throws"));

        assertRefused(
                "2.0.0",
                "io.acme 2.0.0 cannot start: its activator fails (java.lang.IllegalStateException at io.cardea.core");
        assertThat(log.text()).doesNotContain("secret");
    }

    @Test
    void one_whose_start_hangs_leaves_the_other_and_room_for_the_next() throws Exception {
        deploy(acme("1.0.0"));
        deploy(acme("2.0.0").header(ScriptedActivator.START, "hangs"));
        assertThat(serving()).isEqualTo("1.0.0");
        assertThat(log.text())
                .contains(
                        "acme.jar is not deployed: io.acme 2.0.0 cannot start: it hangs, and is left to itself after 2 s."
                                + " io.acme 1.0.0 runs on in its place");

        deploy(acme("2.0.0").header("Mended", "yes"));
        assertThat(serving()).isEqualTo("2.0.0");
        assertThat(bundles()).as("the one that hangs, and its successor").hasSize(2);
    }

    @Test
    void one_that_brings_another_provider_leaves_the_other() throws Exception {
        deploy(acme("1.0.0"));
        deploy(DeploySetup.withProviders("io.acme", "2.0.0", "acme-two"));

        assertRefused(
                "2.0.0",
                "io.acme 2.0.0 starts, but does not bring the provider acme, as the one before does; the log may say"
                        + " why. If that is meant, delete the file first");
    }

    @Test
    void one_whose_provider_cannot_be_got_leaves_the_other() throws Exception {
        deploy(acme("1.0.0"));
        deploy(acme("2.0.0").header(ScriptedActivator.SERVICES, "broken"));

        assertRefused("2.0.0", "io.acme 2.0.0 starts, but does not bring the provider acme");
    }

    @Test
    void one_that_brings_its_provider_a_moment_later_is_waited_for() throws Exception {
        deploy(acme("1.0.0"));
        deploy(acme("2.0.0").header(ScriptedActivator.START, "late"));

        assertThat(serving()).isEqualTo("2.0.0");
        assertThat(bundles()).containsExactly("io.acme 2.0.0");
    }

    @Test
    void one_that_hangs_while_it_stops_is_told_and_serves_no_longer() throws Exception {
        deploy(acme("1.0.0").header(ScriptedActivator.STOP, "hangs"));
        deploy(acme("2.0.0"));

        assertThat(log.text()).contains("io.acme 1.0.0 does not leave: it hangs");
        assertThat(serving()).isEqualTo("2.0.0");
        deploy(acme("3.0.0"));
        assertThat(serving()).isEqualTo("3.0.0");
        assertThat(bundles()).containsExactly("io.acme 1.0.0", "io.acme 3.0.0");
    }

    @Test
    void a_bundle_without_a_provider_is_updated_as_well() throws Exception {
        deploy(new BundleJar("plain", "1.0.0"));
        deploy(new BundleJar("plain", "2.0.0"));

        assertThat(bundles()).containsExactly("plain 2.0.0");
        assertThat(osgi.isActive("plain")).isTrue();
    }

    @Test
    void a_singleton_leaves_before_its_successor_comes() throws Exception {
        deploy(DeploySetup.withProviders("io.acme;singleton:=true", "1.0.0", "acme"));
        deploy(DeploySetup.withProviders("io.acme;singleton:=true", "2.0.0", "acme"));

        assertThat(serving()).isEqualTo("2.0.0");
        assertThat(bundles()).containsExactly("io.acme 2.0.0");
    }

    @Test
    void a_singleton_comes_back_when_its_successor_fails() throws Exception {
        deploy(DeploySetup.withProviders("io.acme;singleton:=true", "1.0.0", "acme"));
        deploy(DeploySetup.withProviders("io.acme;singleton:=true", "2.0.0", "acme")
                .header(ScriptedActivator.START, "throws"));

        assertRefused("2.0.0", "io.acme 2.0.0 cannot start");
    }

    @Test
    void who_imports_from_a_bundle_that_is_replaced_goes_over_to_its_successor() throws Exception {
        deploy(new BundleJar("library", "1.0.0").header("Export-Package", "test.library"));
        Path user = new BundleJar("user", "1.0.0")
                .header("Import-Package", "test.library")
                .write(folder.resolve("user.jar"));
        deployer.install(user.toFile());

        deploy(new BundleJar("library", "2.0.0").header("Export-Package", "test.library"));

        assertThat(osgi.isActive("user")).isTrue();
        assertThat(bundles()).containsExactlyInAnyOrder("library 2.0.0", "user 1.0.0");
        assertThat(osgi.wires("user")).containsExactly("library 2.0.0");
    }

    @Test
    void a_newcomer_takes_no_class_from_whom_it_replaces() throws Exception {
        deploy(new BundleJar("library", "1.0.0").header("Export-Package", "test.library"));
        deploy(new BundleJar("library", "2.0.0")
                .header("Export-Package", "test.library")
                .header("Import-Package", "test.library"));
        assertThat(bundles()).containsExactly("library 2.0.0");
        assertThat(osgi.wires("library")).isEmpty();

        deploy(new BundleJar("library", "3.0.0").header("Import-Package", "test.library"));
        assertThat(bundles()).containsExactly("library 2.0.0");
        assertThat(log.text()).contains("library 3.0.0 cannot start").contains("library 2.0.0 runs on in its place");
    }

    @Test
    void a_fragment_is_replaced_along_with_its_host() throws Exception {
        Path host = new BundleJar("host", "1.0.0").write(folder.resolve("host.jar"));
        deploy(new BundleJar("piece", "1.0.0").header("Fragment-Host", "host"));
        deployer.install(host.toFile());
        assertThat(osgi.wires("piece")).containsExactly("host 1.0.0");

        deploy(new BundleJar("piece", "2.0.0").header("Fragment-Host", "host"));

        assertThat(osgi.isActive("host")).isTrue();
        assertThat(bundles()).containsExactlyInAnyOrder("host 1.0.0", "piece 2.0.0");
        assertThat(osgi.wires("piece")).containsExactly("host 1.0.0");
    }
}
