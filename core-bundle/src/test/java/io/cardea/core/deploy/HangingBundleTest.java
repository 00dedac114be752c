package io.cardea.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.deploy.BundleDeployer.Patience;
import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;

/** A bundle that hangs holds up only itself. */
class HangingBundleTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    @AfterEach
    void release() throws BundleException {
        System.setProperty(HangingActivator.RELEASED, "yes");
        osgi.uninstallAll();
        System.clearProperty(HangingActivator.RELEASED);
    }

    @Test
    void a_bundle_that_hangs_while_it_starts_is_named_and_the_next_one_is_deployed() throws IOException {
        BundleDeployer deployer = DeploySetup.deployer(
                osgi, new EventLog(), new Patience(DeploySetup.SHORT, DeploySetup.SHORT, Duration.ZERO));

        deployer.install(hanging(folder.resolve("hanging.jar")).toFile());
        deployer.install(
                new BundleJar("acme", "1.0.0").write(folder.resolve("acme.jar")).toFile());

        assertThat(log.text()).contains("hanging.jar is not deployed: hanging 1.0.0 cannot start: it hangs");
        assertThat(osgi.isActive("acme")).isTrue();
    }

    private static Path hanging(Path jar) throws IOException {
        return DeploySetup.withActivator("hanging", "1.0.0", HangingActivator.class)
                .write(jar);
    }
}
