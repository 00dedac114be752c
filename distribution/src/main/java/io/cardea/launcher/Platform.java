package io.cardea.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** The OSGi framework with the system bundles in it. */
final class Platform {
    private static final String HTTP_RUNTIME = "org.osgi.service.servlet.runtime.HttpServiceRuntime";
    private static final String HTTP_PORT = "org.osgi.service.http.port";

    private final Framework framework;
    private final BundleFolders folders;
    private final List<Bundle> bundles = new ArrayList<>();

    Platform(Map<String, String> properties, BundleFolders folders, List<String> groups) {
        this.folders = folders;
        SortedMap<Integer, List<Path>> levels = folders.levels();
        int highest = levels.lastKey();
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(highest));
        this.framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new Refusal("There is no OSGi framework beside the launcher"))
                .newFramework(properties);
        try {
            framework.init();
            levels.forEach((level, jars) -> jars.forEach(jar -> install(jar, level)));
            groups.forEach(group -> folders.group(group).forEach(jar -> install(jar, highest)));
            // What comes later, from deploy/, belongs to the highest level too: above it, nothing would start.
            framework.adapt(FrameworkStartLevel.class).setInitialBundleStartLevel(highest);
        } catch (BundleException e) {
            throw new Refusal("The OSGi framework does not start: " + Refusal.reason(e), e);
        }
    }

    private Bundle install(Path jar, int level) {
        try {
            Bundle bundle = framework.getBundleContext().installBundle(reference(jar));
            bundle.adapt(BundleStartLevel.class).setStartLevel(level);
            if (!isFragment(bundle)) {
                bundle.start();
            }
            bundles.add(bundle);
            return bundle;
        } catch (BundleException e) {
            throw new Refusal("Bundle " + jar.getFileName() + " does not start: " + Refusal.reason(e), e);
        }
    }

    /** Felix opens the jar where it is and decodes the URL as a form, in which a plus is a blank. */
    private static String reference(Path jar) {
        return "reference:" + jar.toUri().toString().replace("+", "%2B");
    }

    /** Returns when every start level is reached and every bundle runs. */
    void start() {
        try {
            framework.start();
        } catch (BundleException e) {
            throw new Refusal("The OSGi framework does not start: " + Refusal.reason(e), e);
        }
        bundles.forEach(this::requireRunning);
    }

    /** Installs and starts a group of bundles that is not needed for being ready. */
    void add(String group) {
        int level = framework.adapt(FrameworkStartLevel.class).getInitialBundleStartLevel();
        folders.group(group).stream().map(jar -> install(jar, level)).toList().forEach(this::requireRunning);
    }

    /** A start level passes over what fails; starting it again tells why. */
    private void requireRunning(Bundle bundle) {
        int wanted = isFragment(bundle) ? Bundle.RESOLVED : Bundle.ACTIVE;
        try {
            if (bundle.getState() != wanted) {
                bundle.start();
            }
        } catch (BundleException e) {
            throw new Refusal("Bundle " + bundle.getSymbolicName() + " does not start: " + Refusal.reason(e), e);
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    }

    /** The port that Jetty listens on; none when it could not bind. */
    Optional<Integer> port() {
        ServiceReference<?> runtime = framework.getBundleContext().getServiceReference(HTTP_RUNTIME);
        return Optional.ofNullable(runtime)
                .map(reference -> reference.getProperty(HTTP_PORT))
                .map(port -> Integer.valueOf(port.toString()));
    }

    /** Stops the framework; true when it has stopped in time. */
    boolean stop(long timeoutMillis) {
        try {
            framework.stop();
            return framework.waitForStop(timeoutMillis).getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (BundleException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns when the framework has stopped, whoever stopped it. */
    void awaitStop() throws InterruptedException {
        framework.waitForStop(0);
    }
}
