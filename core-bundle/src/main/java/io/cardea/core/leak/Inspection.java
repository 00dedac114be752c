package io.cardea.core.leak;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at plugins that have gone, on one thread, and tells of each version that leaks once. */
final class Inspection {

    private static final Logger LOG = LoggerFactory.getLogger(LeakDetector.class);
    // A thread that is just ending is none that leaks.
    private static final int LOOKS = 2;
    // At the first one a thread that is idle may still have an old object on its stack.
    private static final int UNLOADINGS = 2;
    private static final int MAX_TOLD = 1000;

    private final Births births;
    private final Framework framework;
    private final ClassUnloading unloading = new ClassUnloading();
    private final Set<String> told = new LinkedHashSet<>();

    Inspection(Births births, Framework framework) {
        this.births = births;
        this.framework = framework;
    }

    /** Whether classes have been unloaded since this was asked before. */
    boolean sawUnloading() {
        int before = unloading.soFar();
        return unloading.rounds() > before;
    }

    /**
     * Whether it is to be looked at again.
     *
     * @param known all that have gone and are not collected yet
     */
    boolean isOpen(Plugin plugin, Collection<Plugin> known) {
        Optional<ClassLoader> loader = plugin.loader().filter(held -> !plugin.isTold());
        if (loader.isEmpty()) {
            return false;
        }
        if (plugin.looks() < LOOKS) {
            plugin.suspect(unloading.rounds());
            lookForThreads(plugin, loader.get(), known);
        } else if (unloading.rounds() - plugin.suspectedSince() >= UNLOADINGS) {
            tellOfClasses(plugin, loader.get(), known);
        }
        return !plugin.isTold();
    }

    private void lookForThreads(Plugin plugin, ClassLoader loader, Collection<Plugin> known) {
        Map<Long, Thread> own = search(plugin, loader, known).own();
        own.keySet().retainAll(plugin.sawThreads(own.keySet()));
        ThreadSearch.names(own.values())
                .ifPresent(names -> tell(
                        plugin,
                        "has gone, but threads of its own go on and keep its classes in memory: {}. End every thread, timer"
                                + " and executor in the component's @Deactivate",
                        names));
    }

    private void tellOfClasses(Plugin plugin, ClassLoader loader, Collection<Plugin> known) {
        String hint = ThreadSearch.names(search(plugin, loader, known).likely())
                .map(names -> " Threads that came up while it was here: " + names + '.')
                .orElse("");
        tell(
                plugin,
                "has gone, but something keeps its classes in memory: a timer or another thread, a ThreadLocal of a"
                        + " thread that lives on, a shutdown hook, a cache or a registry of the JDK.{} End each in the"
                        + " component's @Deactivate, and call ThreadLocal.remove() when a call ends",
                hint);
    }

    private ThreadSearch search(Plugin plugin, ClassLoader loader, Collection<Plugin> known) {
        return new ThreadSearch(
                plugin, loader, packageName -> births.alone(plugin, known, framework.owners(packageName)));
    }

    private void tell(Plugin plugin, String what, String detail) {
        plugin.tell();
        if (told.size() < MAX_TOLD && told.add(plugin.nameAndVersion())) {
            LOG.warn("The provider bundle {} leaks: it " + what, plugin.nameAndVersion(), detail);
        }
    }
}
