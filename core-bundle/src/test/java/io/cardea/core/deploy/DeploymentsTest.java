package io.cardea.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.deploy.BundleDeployer.Patience;
import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.Event;
import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
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
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What is deployed by hand is there at once, and the scan of the folder that comes later finds it done. */
class DeploymentsTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path temporary;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> configured = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private Path folder;
    private Path elsewhere;
    private BundleDeployer bundles;
    private ConfigurationDeployer configurations;
    private Deployments deployments;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(temporary.toRealPath().resolve("deploy"));
        elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        EventLog told = new EventLog();
        told.subscribe(0, events::add);
        bundles = DeploySetup.deployer(
                osgi, told, new Patience(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ZERO));
        configurations = new ConfigurationDeployer(Optional.of(folder.toFile()), admin(), told);
        deployments = new Deployments(Optional.of(folder), bundles, configurations, nobody(), later::add);
    }

    private ConfigurationAdmin admin() {
        Configuration configuration = proxy(Configuration.class);
        return (ConfigurationAdmin) Proxy.newProxyInstance(
                ConfigurationAdmin.class.getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class},
                (self, method, arguments) -> method.getName().equals("listConfigurations")
                        ? new Configuration[] {configuration}
                        : configuration);
    }

    private <T> T proxy(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    configured.add(method.getName());
                    return null;
                }));
    }

    private static Providers nobody() {
        return new Providers() {
            @Override
            public List<RegisteredProvider> list() {
                return List.of();
            }

            @Override
            public Optional<RegisteredProvider> find(String name) {
                return Optional.empty();
            }
        };
    }

    @AfterEach
    void close() throws BundleException {
        osgi.uninstallAll();
    }

    private Path acme(String version) throws IOException {
        return DeploySetup.withProviders("io.acme", version, "acme").write(elsewhere.resolve("acme.jar"));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_jar_runs_when_this_returns_and_the_scan_finds_nothing_to_do() throws Exception {
        assertThat(deployments.deploy(acme("1.0.0"))).isEqualTo("acme.jar runs: io.acme 1.0.0 with the provider acme");
        long id = osgi.find("io.acme").orElseThrow().getBundleId();
        assertThat(files()).containsExactly("acme.jar");
        assertThat(folder.resolve("acme.jar")).hasSameBinaryContentAs(elsewhere.resolve("acme.jar"));

        bundles.install(folder.resolve("acme.jar").toFile());
        assertThat(osgi.find("io.acme").orElseThrow().getBundleId()).isEqualTo(id);
        assertThat(events).hasSize(1);

        assertThat(deployments.deploy(acme("2.0.0"))).isEqualTo("acme.jar runs: io.acme 2.0.0 with the provider acme");
        assertThat(osgi.context().getBundles()).hasSize(2);
    }

    @Test
    void a_scan_at_the_wrong_moment_does_not_bring_the_one_before_back() throws Exception {
        deployments.deploy(acme("1.0.0"));
        AtomicBoolean over = new AtomicBoolean();
        Thread scan = new Thread(() -> {
            while (!over.get()) {
                bundles.update(folder.resolve("acme.jar").toFile());
            }
        });
        scan.start();
        for (int minor = 1; minor <= 20; minor++) {
            deployments.deploy(acme("1." + minor + ".0"));
        }
        over.set(true);
        scan.join();

        assertThat(events).as("each once").hasSize(21);
        assertThat(osgi.find("io.acme").orElseThrow().getVersion()).hasToString("1.20.0");
    }

    @Test
    void one_that_does_not_run_does_not_get_there_and_the_file_before_stays() throws Exception {
        deployments.deploy(acme("1.0.0"));
        byte[] before = Files.readAllBytes(folder.resolve("acme.jar"));
        Path bad = DeploySetup.withProviders("io.acme", "2.0.0", "acme")
                .header(ScriptedActivator.START, "throws")
                .write(elsewhere.resolve("acme.jar"));

        assertThatThrownBy(() -> deployments.deploy(bad))
                .isInstanceOf(DeploymentException.class)
                .hasMessageStartingWith("acme.jar is not deployed: io.acme 2.0.0 cannot start: its activator fails");
        assertThat(files()).containsExactly("acme.jar");
        assertThat(folder.resolve("acme.jar")).hasBinaryContent(before);
        assertThat(osgi.find("io.acme").orElseThrow().getVersion()).hasToString("1.0.0");
        assertThat(events.get(1).type()).isEqualTo(Event.Type.DEPLOYMENT_FAILED);
    }

    @Test
    void of_a_first_one_that_does_not_run_nothing_is_left() throws Exception {
        Path bad = new BundleJar("acme", "1.0.0")
                .header("Require-Capability", "no.such.thing")
                .write(elsewhere.resolve("acme.jar"));

        assertThatThrownBy(() -> deployments.deploy(bad)).hasMessageContaining("acme 1.0.0 cannot start");
        assertThat(files()).isEmpty();
        assertThat(osgi.find("acme")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"this is no jar", ""})
    void a_broken_one_is_told_at_once(String content) throws Exception {
        Path broken = Files.writeString(elsewhere.resolve("broken.jar"), content);

        assertThatThrownBy(() -> deployments.deploy(broken))
                .hasMessageStartingWith("broken.jar is not deployed: it is no readable jar");
        assertThat(files()).isEmpty();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
    void what_is_named_may_be_anywhere_and_is_the_users_alone_in_the_folder() throws Exception {
        Path jar = acme("1.0.0");
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-r--"));
        deployments.deploy(jar);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("acme.jar"))))
                .isEqualTo("rw-------");
    }

    @Test
    void one_that_is_deleted_before_the_folder_was_scanned_goes_too() throws Exception {
        deployments.deploy(acme("1.0.0"));
        Files.delete(folder.resolve("acme.jar"));
        later.forEach(Runnable::run);

        assertThat(osgi.find("io.acme")).isEmpty();
    }

    @Test
    void one_that_is_there_stays() throws Exception {
        deployments.deploy(acme("1.0.0"));
        later.forEach(Runnable::run);

        assertThat(osgi.isActive("io.acme")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme.jar", "io.acme"})
    void a_jar_is_withdrawn_by_its_own_name_or_its_bundles(String name) throws Exception {
        deployments.deploy(acme("1.0.0"));

        assertThat(deployments.undeploy(name)).isEqualTo("acme.jar is withdrawn, and deleted");
        assertThat(files()).isEmpty();
        assertThat(osgi.find("io.acme")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.jar", "io.other", "../elsewhere/acme.jar", "", ".", "..", "acme"})
    void what_is_not_there_cannot_be_withdrawn(String name) throws Exception {
        deployments.deploy(acme("1.0.0"));

        assertThatThrownBy(() -> deployments.undeploy(name))
                .isInstanceOf(DeploymentException.class)
                .hasMessageStartingWith("There is no " + name + " in ");
        assertThat(elsewhere.resolve("acme.jar")).exists();
        assertThat(osgi.isActive("io.acme")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme.txt", ".acme.jar", "acme.jar.part"})
    void other_files_are_refused(String name) throws Exception {
        Path file = Files.writeString(elsewhere.resolve(name), "text");
        assertThatThrownBy(() -> deployments.deploy(file)).hasMessageContaining("is neither a bundle (.jar) nor");
        assertThatThrownBy(() -> deployments.deploy(elsewhere.resolve("missing.jar")))
                .hasMessageContaining("missing.jar cannot be copied into");
        assertThat(files()).isEmpty();
    }

    @Test
    void a_configuration_is_applied_once_and_again_when_it_is_written_again() throws Exception {
        Path file = Files.writeString(elsewhere.resolve("io.cardea.other.cfg"), "a = b\n");
        assertThat(deployments.deploy(file)).isEqualTo("io.cardea.other.cfg is applied");
        Path there = folder.resolve("io.cardea.other.cfg");
        configurations.install(there.toFile());
        assertThat(configured).containsExactly("update");

        Files.setLastModifiedTime(there, FileTime.fromMillis(1000));
        configurations.update(there.toFile());
        assertThat(configured).containsExactly("update", "update");

        assertThat(deployments.undeploy("io.cardea.other.cfg"))
                .isEqualTo("io.cardea.other.cfg is withdrawn, and deleted");
        assertThat(configured).containsExactly("update", "update", "delete");
    }

    @Test
    void a_configuration_of_a_wrong_name_does_not_get_there() throws Exception {
        Path file = Files.writeString(elsewhere.resolve("io.cardea.provider~-acme.cfg"), "a = b\n");
        assertThatThrownBy(() -> deployments.deploy(file)).hasMessageContaining("is not deployed: the provider's name");
        assertThat(files()).isEmpty();
    }

    @Test
    void of_a_provider_that_does_not_come_one_is_told() throws Exception {
        Path file = Files.writeString(elsewhere.resolve("io.cardea.provider~acme.cfg"), "a = b\n");
        assertThat(deployments.deploy(file))
                .isEqualTo(
                        "io.cardea.provider~acme.cfg is applied, but there is no provider acme; the log may say why");
    }
}
