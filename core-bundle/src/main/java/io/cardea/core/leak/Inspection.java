package io.cardea.core.leak;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
     * Looks at each, and tells what there is to tell.
     *
     * @param known all that have gone and are not collected yet
     * @return those to be looked at again
     */
    List<Plugin> look(Collection<Plugin> gone, Collection<Plugin> known) {
        Threads threads = new Threads();
        return gone.stream()
                .filter(plugin -> !plugin.isTold())
                .filter(plugin -> plugin.loader()
                        .filter(loader -> isOpen(plugin, search(threads, plugin, loader, known)))
                        .isPresent())
                .toList();
    }

    private ThreadSearch search(Threads threads, Plugin plugin, ClassLoader loader, Collection<Plugin> known) {
        return new ThreadSearch(
                threads, plugin, loader, packageName -> births.alone(plugin, known, framework.owners(packageName)));
    }

    private boolean isOpen(Plugin plugin, ThreadSearch search) {
        if (plugin.looks() < LOOKS) {
            plugin.suspect(unloading.rounds());
            lookForThreads(plugin, search);
        } else if (unloading.rounds() - plugin.suspectedSince() >= UNLOADINGS) {
            tellOfClasses(plugin, search);
        }
        return !plugin.isTold();
    }

    private void lookForThreads(Plugin plugin, ThreadSearch search) {
        Map<Long, Thread> own = search.own();
        own.keySet().retainAll(plugin.sawThreads(own.keySet()));
        ThreadSearch.names(own.values())
                .ifPresent(names -> tell(
                        plugin,
                        "threads of its own go on and keep its classes in memory: " + names
                                + ". End every thread, timer and executor in the component's @Deactivate"));
    }

    private void tellOfClasses(Plugin plugin, ThreadSearch search) {
        String hint = ThreadSearch.names(search.likely())
                .map(names -> " Threads that came up while it was here: " + names + '.')
                .orElse("");
        tell(
                plugin,
                "something keeps its classes in memory: a timer or another thread, a ThreadLocal of a thread that lives"
                        + " on, a shutdown hook, a cache or a registry of the JDK." + hint
                        + " End each in the component's @Deactivate, and call ThreadLocal.remove() when a call ends");
    }

    private void tell(Plugin plugin, String what) {
        plugin.tell();
        if (told.add(plugin.nameAndVersion())) {
            LOG.warn("The provider bundle {} leaks: it has gone, but {}", plugin.nameAndVersion(), what);
        }
        if (told.size() > MAX_TOLD) {
            told.remove(told.iterator().next());
        }
    }
}
