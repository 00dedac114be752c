package io.cardea.launcher;

import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The OSGi framework with the system bundles in it. */
final class Platform {
    private static final String DEFINITIONS = "OSGI-INF/configurator";
    private static final String CARDEA = "io.cardea.";
    private static final String PROVIDER = CARDEA + "provider.";
    private static final String LOGGING = "org.ops4j.pax.logging.pax-logging-api";
    private static final String LOG_FILE = "org.ops4j.pax.logging.pax-logging-logback";
    private static final String JETTY = "org.apache.felix.http.jetty12";
    private static final String PROVIDER_SERVICE = "io.cardea.oauth.provider.OAuthProvider";
    private static final String HTTP_RUNTIME = "org.osgi.service.servlet.runtime.HttpServiceRuntime";
    private static final String HTTP_PORT = "org.osgi.service.http.port";

    private final Framework framework;
    private final FrameworkStartLevel startLevel;
    private final BundleFolders folders;
    private final List<Bundle> bundles = new ArrayList<>();

    Platform(Map<String, String> properties, BundleFolders folders, List<String> groups) {
        this.folders = folders;
        SortedMap<Integer, List<Path>> levels = folders.levels();
        properties.put(
                Constants.FRAMEWORK_BEGINNING_STARTLEVEL, levels.lastKey().toString());
        this.framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new Refusal("There is no OSGi framework beside the launcher"))
                .newFramework(properties);
        this.startLevel = framework.adapt(FrameworkStartLevel.class);
        try {
            framework.init();
        } catch (BundleException e) {
            throw new Refusal("The OSGi framework does not start: " + Refusal.reason(e), e);
        }
        for (Map.Entry<Integer, List<Path>> level : levels.entrySet()) {
            // It stays at the highest level, to which everything that comes later belongs, say from deploy/.
            startLevel.setInitialBundleStartLevel(level.getKey());
            install(level.getValue());
        }
        for (String group : groups) {
            install(folders.group(group));
        }
    }

    /** Returns when every bundle runs. They start level by level, and stop in the opposite order. */
    void start() {
        try {
            framework.start();
        } catch (BundleException e) {
            throw new Refusal("The OSGi framework does not start: " + Refusal.reason(e), e);
        }
        // Once for all is quicker than at each start; what cannot be resolved tells why when it is started.
        framework.adapt(FrameworkWiring.class).resolveBundles(bundles);
        List<Bundle> others = new ArrayList<>(bundles);
        start(take(others, LOGGING));
        // These two take about as long as all the others together; only Cardea itself waits, for the log alone.
        Bundle log = take(others, LOG_FILE);
        Bundle http = take(others, JETTY);
        CompletableFuture<Void> logging = CompletableFuture.runAsync(() -> start(log));
        CompletableFuture<Void> jetty = logging.thenRun(() -> start(http));
        List<Bundle> providers = others.stream()
                .filter(bundle -> bundle.getSymbolicName().startsWith(PROVIDER))
                .toList();
        others.removeAll(providers);
        for (Bundle bundle : others) {
            if (bundle.getSymbolicName().startsWith(CARDEA)) {
                await(logging);
            }
            start(bundle);
        }
        // None of them needs another.
        providers.parallelStream().forEach(Platform::start);
        await(jetty);
    }

    private static void await(CompletableFuture<Void> started) {
        try {
            started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Refusal refusal ? refusal : e;
        }
    }

    private static Bundle take(List<Bundle> bundles, String name) {
        Bundle taken = bundles.stream()
                .filter(bundle -> bundle.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal("The bundle " + name + " is missing in bundles/"));
        bundles.remove(taken);
        return taken;
    }

    /** Installs and starts a group of bundles that is not needed for being ready. */
    void add(String group) {
        // A library that prefers the context class loader, as JLine does, would look into the launcher for its parts.
        Thread.currentThread().setContextClassLoader(null);
        install(folders.group(group)).forEach(Platform::start);
    }

    /** Several at a time: to read a manifest takes about as long as to start a bundle. */
    private List<Bundle> install(List<Path> jars) {
        List<Bundle> installed = jars.parallelStream().map(this::install).toList();
        bundles.addAll(installed);
        return installed;
    }

    private Bundle install(Path jar) {
        try {
            return framework.getBundleContext().installBundle(reference(jar));
        } catch (BundleException e) {
            throw new Refusal("Bundle " + jar + " cannot be installed: " + Refusal.reason(e), e);
        }
    }

    /** Felix opens the jar where it is and decodes the URL as a form, in which a plus is a blank. */
    private static String reference(Path jar) {
        return "reference:" + jar.toUri().toString().replace("+", "%2B");
    }

    private static void start(Bundle bundle) {
        try {
            if (!isFragment(bundle)) {
                // The cache is made anew at each start: nothing to remember there.
                bundle.start(Bundle.START_TRANSIENT);
            }
        } catch (BundleException e) {
            throw new Refusal("Bundle " + bundle.getSymbolicName() + " does not start: " + Refusal.reason(e), e);
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /** The port that Jetty listens on; none when it could not bind. */
    Optional<Integer> port() {
        ServiceReference<?> runtime = framework.getBundleContext().getServiceReference(HTTP_RUNTIME);
        return Optional.ofNullable(runtime)
                .map(reference -> reference.getProperty(HTTP_PORT))
                .map(port -> Integer.valueOf(port.toString()));
    }

    /** Why Cardea will never become ready; absent as long as it may. */
    Optional<String> failure() {
        return new Components(framework.getBundleContext()).failure();
    }

    /**
     * The names of the providers that the bundles bring: one that has no definitions is called after its provider, and
     * each definition's file, too. They arrive on threads of their own.
     */
    Set<String> providers() {
        Set<String> names = new TreeSet<>();
        for (Bundle bundle : bundles) {
            Enumeration<URL> definitions = bundle.findEntries(DEFINITIONS, "*.json", false);
            if (definitions != null) {
                Collections.list(definitions)
                        .forEach(file -> names.add(file.getPath().replaceFirst(".*/(.*)[.]json$", "$1")));
            } else if (bundle.getSymbolicName().startsWith(PROVIDER)) {
                names.add(bundle.getSymbolicName().substring(PROVIDER.length()));
            }
        }
        return names;
    }

    /** From now on somebody answers even while Cardea's own bundles are exchanged. */
    void standBy() {
        Standby.begin(framework.getBundleContext());
    }

    /** How many providers have arrived; asked often, so it costs next to nothing. */
    int arrived() {
        try {
            ServiceReference<?>[] all = framework.getBundleContext().getAllServiceReferences(PROVIDER_SERVICE, null);
            return all == null ? 0 : all.length;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What Cardea still waits for; absent when that cannot be told. */
    Optional<String> missing() {
        return new Components(framework.getBundleContext()).missing();
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
