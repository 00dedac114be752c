package io.cardea.core.leak;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** What the framework knows of bundles and their class loaders. */
final class Framework {

    private final BundleContext context;

    Framework(BundleContext context) {
        this.context = context;
    }

    static Optional<BundleWiring> wiring(Bundle bundle) {
        return Optional.ofNullable(bundle.adapt(BundleWiring.class)).filter(BundleWiring::isInUse);
    }

    /** The packages of the classes that a bundle brings itself. */
    static Set<String> packages(BundleWiring wiring) {
        return classes(wiring, "/", BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE)
                .filter(path -> path.indexOf('/') > 0)
                .map(path -> path.substring(0, path.lastIndexOf('/')).replace('/', '.'))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> classes(BundleWiring wiring, String path, int options) {
        Collection<String> found = wiring.listResources(path, "*.class", options);
        // When it falls out of use at this very moment.
        return found == null ? Stream.empty() : found.stream();
    }

    /** Whether the framework itself still uses the class loader: others may be wired to a bundle that has gone. */
    boolean uses(Plugin plugin) {
        Set<Bundle> candidates = new HashSet<>();
        Optional.ofNullable(context.getBundle(plugin.bundleId())).ifPresent(candidates::add);
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        system.adapt(FrameworkWiring.class).getRemovalPendingBundles().stream()
                .filter(bundle -> bundle.getBundleId() == plugin.bundleId())
                .forEach(candidates::add);
        return candidates.stream()
                .map(bundle -> bundle.adapt(BundleRevisions.class))
                .filter(Objects::nonNull)
                .flatMap(revisions -> revisions.getRevisions().stream())
                .map(BundleRevision::getWiring)
                .filter(wiring -> wiring != null && wiring.isInUse())
                .anyMatch(wiring -> plugin.isOf(wiring.getClassLoader()));
    }

    /** The numbers of the bundles that bring a package themselves. */
    Set<Long> owners(String packageName) {
        String path = '/' + packageName.replace('.', '/');
        return Arrays.stream(context.getBundles())
                .filter(bundle -> wiring(bundle)
                        .filter(wiring -> classes(wiring, path, BundleWiring.LISTRESOURCES_LOCAL)
                                .findAny()
                                .isPresent())
                        .isPresent())
                .map(Bundle::getBundleId)
                .collect(Collectors.toUnmodifiableSet());
    }
}
