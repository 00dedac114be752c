package io.cardea.core.deploy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.deploy.BundleDeployer.Patience;
import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.oauth.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;

/** A jar that is not whole may be on its way: it waits in silence, but not for ever. */
class HalfCopiedJarTest {

    private static final Duration COPY = Duration.ofMillis(600);

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private BundleDeployer deployer;
    private Path jar;
    private byte[] whole;

    @BeforeEach
    void open() throws IOException {
        EventLog told = new EventLog();
        told.subscribe(0, events::add);
        deployer = DeploySetup.deployer(osgi, told, new Patience(Duration.ofSeconds(15), Duration.ofSeconds(1), COPY));
        jar = folder.resolve("acme.jar");
        whole = new BundleJar("acme", "1.0.0")
                .entry("data", "x".repeat(5000).getBytes(US_ASCII))
                .bytes();
    }

    @AfterEach
    void close() throws BundleException {
        deployer.stop();
        osgi.uninstallAll();
    }

    private void half() throws IOException {
        Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
        deployer.update(jar.toFile());
    }

    @Test
    void it_is_deployed_when_it_is_whole_and_nothing_is_said_before() throws Exception {
        half();
        assertThat(osgi.find("acme")).isEmpty();
        Files.write(jar, whole);
        deployer.update(jar.toFile());

        assertThat(osgi.isActive("acme")).isTrue();
        Thread.sleep(COPY.multipliedBy(2).toMillis());
        assertThat(log.text()).doesNotContain("not deployed");
        assertThat(events).hasSize(1);
    }

    @Test
    void one_that_stays_as_it_is_is_reported_once() throws Exception {
        half();
        assertThat(log.text()).doesNotContain("not deployed");

        Stages.eventually(() -> !events.isEmpty());
        Thread.sleep(COPY.multipliedBy(2).toMillis());
        assertThat(events).hasSize(1);
        assertThat(events.get(0).type()).isEqualTo(Event.Type.DEPLOYMENT_FAILED);
        assertThat(log.text()).containsOnlyOnce("acme.jar is not deployed: it is no readable jar");
    }

    @Test
    void one_that_became_whole_while_nobody_looked_is_deployed() throws Exception {
        half();
        Files.write(jar, whole);

        Stages.eventually(() -> osgi.find("acme").isPresent());
        Stages.eventually(() -> events.size() == 1);
        assertThat(events.get(0).type()).isEqualTo(Event.Type.DEPLOYMENT_COMPLETED);
    }

    @Test
    void one_that_is_deleted_meanwhile_is_forgotten() throws Exception {
        half();
        Files.delete(jar);
        deployer.uninstall(jar.toFile());

        Thread.sleep(COPY.multipliedBy(2).toMillis());
        assertThat(events).isEmpty();
    }
}
