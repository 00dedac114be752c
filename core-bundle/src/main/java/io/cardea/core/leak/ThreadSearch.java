package io.cardea.core.leak;

import io.cardea.core.leak.Births.Span;
import io.cardea.core.thread.DaemonThreads;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the threads of a plugin among all that are alive. */
final class ThreadSearch {

    private static final int MAX_NAMES = 3;
    private static final int MAX_NAME = 60;

    private final Threads threads;
    private final Plugin plugin;
    private final ClassLoader loader;
    private final Function<String, Span> alone;
    private final Map<String, Span> spans = new HashMap<>();

    /** @param alone when the plugin was the only one that had classes in a package */
    ThreadSearch(Threads threads, Plugin plugin, ClassLoader loader, Function<String, Span> alone) {
        this.threads = threads;
        this.plugin = plugin;
        this.loader = loader;
        this.alone = alone;
    }

    /**
     * Those that are certainly its own, by their numbers: their class or their context class loader is its own; or they
     * run a class of its name and came up when nobody else had any.
     */
    Map<Long, Thread> own() {
        return threads.all()
                .filter(thread -> belongs(thread.getKey()) || runsItsCode(thread.getKey(), thread.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toMap(Thread::getId, Function.identity(), (one, same) -> one, TreeMap::new));
    }

    /**
     * Those that may be its own. Whoever is called on one of Cardea's threads and makes another hands on the context class
     * loader; nothing else tells whose an idle timer is.
     */
    Collection<Thread> likely() {
        Span here = new Span(plugin.born(), plugin.ended());
        Predicate<Thread> inherited = thread -> !DaemonThreads.isOne(thread)
                && thread.getContextClassLoader() == ThreadSearch.class.getClassLoader()
                && here.holds(thread);
        return threads.all()
                .filter(thread -> belongs(thread.getKey())
                        || runsItsNames(thread.getValue()).findAny().isPresent()
                        || inherited.test(thread.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean belongs(Thread thread) {
        return thread.getContextClassLoader() == loader
                || isOfIt(thread)
                || Optional.ofNullable(thread.getUncaughtExceptionHandler())
                        .filter(this::isOfIt)
                        .isPresent();
    }

    private boolean isOfIt(Object object) {
        return object.getClass().getClassLoader() == loader;
    }

    private boolean runsItsCode(Thread thread, StackTraceElement[] stack) {
        // A call that hangs on one of Cardea's threads has a time limit, and is told of by that.
        return !DaemonThreads.isOne(thread)
                && runsItsNames(stack)
                        .anyMatch(name -> spans.computeIfAbsent(name, alone).holds(thread));
    }

    private Stream<String> runsItsNames(StackTraceElement[] stack) {
        Set<String> packages = plugin.packages();
        return Arrays.stream(stack)
                .map(StackTraceElement::getClassName)
                .filter(name -> name.indexOf('.') > 0)
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .filter(packages::contains)
                .distinct();
    }

    /** A few of their names, which are the plugin's own words; absent where there are none. */
    static Optional<String> names(Collection<Thread> threads) {
        List<String> names = threads.stream()
                .map(thread -> thread.getName().replaceAll("[^\\x20-\\x7e]", "?"))
                .map(name -> name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "..." : name)
                .distinct()
                .sorted()
                .toList();
        String some = names.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        names.size() > MAX_NAMES ? some + " and " + (names.size() - MAX_NAMES) + " others" : some);
    }
}
