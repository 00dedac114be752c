package io.cardea.core.deploy;

import io.cardea.core.deploy.BundleDeployer.Patience;
import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.Osgi;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** What the tests of the deploy folder share. */
final class DeploySetup {

    static final Duration SHORT = Duration.ofMillis(300);
    /** Nothing waits for the rest of a file. */
    static final Patience IMPATIENT = new Patience(Duration.ofSeconds(15), Duration.ofSeconds(1), Duration.ZERO);

    private DeploySetup() {}

    static BundleDeployer deployer(Osgi osgi) {
        return deployer(osgi, new EventLog(), IMPATIENT);
    }

    static BundleDeployer deployer(Osgi osgi, EventLog events, Patience patience) {
        return new BundleDeployer(osgi.context(), events, new TrustedBundles(Optional.empty()), patience);
    }

    /** A bundle with an activator of the test classes. */
    static BundleJar withActivator(String name, String version, Class<?> activator) throws IOException {
        return withClasses(new BundleJar(name, version), activator)
                .header("Bundle-Activator", activator.getName())
                .header("Import-Package", "org.osgi.framework");
    }

    /** A bundle that publishes providers, comma-separated; see {@link ScriptedActivator} for what else it may be told. */
    static BundleJar withProviders(String symbolicName, String version, String providers) throws IOException {
        return withClasses(
                        new BundleJar(symbolicName, version),
                        ScriptedActivator.class,
                        ScriptedProvider.class,
                        ScriptedActivator.Broken.class)
                .header("Bundle-Activator", ScriptedActivator.class.getName())
                .header("Import-Package", "org.osgi.framework,io.cardea.oauth.provider")
                .header(ScriptedActivator.PROVIDERS, providers);
    }

    /** Packs test classes. */
    private static BundleJar withClasses(BundleJar jar, Class<?>... classes) throws IOException {
        for (Class<?> each : classes) {
            String entry = each.getName().replace('.', '/') + ".class";
            try (InputStream bytes = each.getClassLoader().getResourceAsStream(entry)) {
                jar.entry(entry, bytes.readAllBytes());
            }
        }
        return jar;
    }
}
