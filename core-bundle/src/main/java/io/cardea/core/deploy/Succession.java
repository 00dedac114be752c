package io.cardea.core.deploy;

import io.cardea.core.deploy.RefusedJarException.Remedy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bundle in the place of another. The newcomer is installed beside the one that runs, and that one leaves only when the
 * newcomer has started and brings every provider that it brought: of two services of one name the older serves until it
 * leaves, so that there is no moment without. Where the newcomer fails, the other has never stopped.
 *
 * <p>A bundle that wants to be the only one of its name, a singleton, has to leave first; it comes back when its successor
 * fails.
 */
final class Succession {

    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private final BundleContext context;
    private final BoundedSteps steps;
    private final PublishedProviders providers;
    // Bundles that hang, and are gone when they no longer do.
    private final Set<Bundle> abandoned = new HashSet<>();

    Succession(BundleContext context, BoundedSteps steps, PublishedProviders providers) {
        this.context = context;
        this.steps = steps;
        this.providers = providers;
    }

    /** The bundles whose location is this, or begins with it and a number sign; none that was given up. */
    List<Bundle> at(String location) {
        abandoned.removeIf(bundle -> bundle.getState() == Bundle.UNINSTALLED);
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getLocation().equals(location)
                        || bundle.getLocation().startsWith(location + "#"))
                .filter(bundle -> !abandoned.contains(bundle))
                .toList();
    }

    static boolean isRunning(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** Installs a bundle; the framework lets it have the name and version of those whose place it takes, and of no other. */
    Bundle install(JarCopy jar, String location, Collection<Bundle> before) throws RefusedJarException {
        if (abandoned.stream().anyMatch(bundle -> bundle.getLocation().equals(location))) {
            throw new RefusedJarException(
                    "it hangs still since it was deployed the last time; it needs a change, or Cardea a restart",
                    Remedy.ANOTHER_JAR);
        }
        ServiceRegistration<CollisionHook> hook = context.registerService(
                CollisionHook.class,
                (operation, target, collisions) ->
                        collisions.removeIf(other -> before.contains(other) || abandoned.contains(other)),
                null);
        try (InputStream content = jar.open()) {
            return context.installBundle(location, content);
        } catch (IOException e) {
            throw new RefusedJarException("its copy cannot be read (" + e.getMessage() + ")", Remedy.ANOTHER_JAR, e);
        } catch (BundleException e) {
            throw e.getType() == BundleException.DUPLICATE_BUNDLE_ERROR
                    ? new RefusedJarException(duplicate(jar, e), Remedy.ANOTHER_BUNDLE, e)
                    : new RefusedJarException(String.valueOf(e.getMessage()), Remedy.ANOTHER_JAR, e);
        } finally {
            hook.unregister();
        }
    }

    /** In plain words, for the framework has its own. */
    private String duplicate(JarCopy jar, BundleException failure) {
        return Arrays.stream(context.getBundles())
                .filter(other -> name(other).equals(jar.name()))
                .findFirst()
                .map(other -> "it holds " + name(other) + ", which is here already from " + source(other)
                        + "; delete one of the two, or give this one another Bundle-Version")
                .orElse(String.valueOf(failure.getMessage()));
    }

    /** The file that a bundle is from; where it is from none, what the framework calls its location. */
    private static String source(Bundle bundle) {
        String location = bundle.getLocation().replaceFirst("^reference:", "").replaceFirst("#.*$", "");
        try {
            return Path.of(URI.create(location)).toString();
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return location;
        }
    }

    /** Starts a bundle, unless it is a fragment, which is never started. */
    void start(Bundle bundle) throws RefusedJarException {
        if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
            return;
        }
        try {
            steps.run(() -> bundle.start(Bundle.START_ACTIVATION_POLICY));
        } catch (BundleException e) {
            throw new RefusedJarException(
                    name(bundle) + " cannot start: " + why(e),
                    e.getType() == BundleException.RESOLVE_ERROR ? Remedy.ANOTHER_BUNDLE : Remedy.ANOTHER_JAR,
                    e);
        }
    }

    /** Where an activator threw, and what; not its message, which may quote what it was working on. */
    private static String why(BundleException failure) {
        Throwable cause = failure.getCause();
        if (failure.getType() != BundleException.ACTIVATOR_ERROR || cause == null) {
            return String.valueOf(failure.getMessage());
        }
        Optional<StackTraceElement> place = Arrays.stream(cause.getStackTrace()).findFirst();
        return "its activator fails (" + cause.getClass().getName()
                + place.map(line -> " at " + line).orElse("") + ")";
    }

    /** Starts a newcomer in the place of those that run; when that fails they run on, and nothing is left of it. */
    void replace(Bundle newcomer, JarCopy jar, List<Bundle> running) throws RefusedJarException {
        Set<String> wanted = new TreeSet<>();
        running.forEach(bundle -> wanted.addAll(providers.of(bundle)));
        List<Bundle> inTheWay = running.stream()
                .filter(other -> jar.isSingleton() && jar.symbolicName().equals(other.getSymbolicName()))
                .toList();
        ServiceRegistration<ResolverHookFactory> hook = context.registerService(
                ResolverHookFactory.class, triggers -> new Apart(newcomer, running, inTheWay), null);
        try {
            for (Bundle other : inTheWay) {
                stop(other);
            }
            start(newcomer);
            requireProviders(newcomer, wanted);
        } catch (RefusedJarException e) {
            remove(newcomer);
            for (Bundle other : inTheWay) {
                start(other);
            }
            throw e;
        } finally {
            hook.unregister();
        }
    }

    /**
     * Keeps a newcomer from leaning on those that are to leave; and lets one that has stopped, a singleton, be there until it
     * is known who stays.
     */
    private record Apart(Bundle newcomer, List<Bundle> leaving, List<Bundle> stopped) implements ResolverHook {

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
            if (newcomer.equals(requirement.getRevision().getBundle())) {
                candidates.removeIf(
                        candidate -> leaving.contains(candidate.getRevision().getBundle()));
            }
        }

        @Override
        public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {
            collisions.removeIf(other -> stopped.contains(other.getRevision().getBundle())
                    || stopped.contains(singleton.getRevision().getBundle()));
        }

        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {}

        @Override
        public void end() {}
    }

    private void requireProviders(Bundle newcomer, Set<String> wanted) throws RefusedJarException {
        Set<String> missing = providers.missing(newcomer, wanted);
        if (!missing.isEmpty()) {
            throw new RefusedJarException(
                    name(newcomer) + " starts, but does not bring the provider " + String.join(", ", missing)
                            + ", as the one before does; the log may say why. If that is meant, delete the file first",
                    Remedy.ANOTHER_JAR);
        }
    }

    private void stop(Bundle bundle) throws RefusedJarException {
        try {
            steps.run(() -> bundle.stop(Bundle.STOP_TRANSIENT));
        } catch (BundleException e) {
            throw new RefusedJarException(
                    name(bundle) + " is a singleton and does not stop: " + e.getMessage(), Remedy.ANOTHER_JAR, e);
        }
    }

    /** Uninstalls a bundle, and frees those that still hold on to what it exported; they are restarted for that. */
    void remove(Bundle bundle) {
        try {
            steps.run(() -> {
                bundle.uninstall();
                FrameworkWiring wiring =
                        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
                if (wiring.getRemovalPendingBundles().contains(bundle)) {
                    CountDownLatch done = new CountDownLatch(1);
                    wiring.refreshBundles(Set.of(bundle), event -> done.countDown());
                    done.await();
                }
            });
        } catch (BundleException e) {
            abandoned.add(bundle);
            LOG.warn("{} does not leave: {}", name(bundle), e.getMessage());
        }
    }
}
