package io.cardea.core.leak;

import io.cardea.core.thread.DaemonThreads;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which threads came up while which bundles were there. The JVM numbers threads in their order, and a stack tells the
 * names of classes but not whose they are: when a bundle is updated, old and new have classes of the same names.
 */
final class Births {

    private final long first = now();
    private final Map<Long, Long> resolved = new ConcurrentHashMap<>();

    /** Numbers of threads, both exclusive. */
    record Span(long from, long until) {

        boolean holds(Thread thread) {
            return thread.getId() > from && thread.getId() < until;
        }
    }

    /** A number that is higher than those of all threads so far. */
    static long now() {
        return DaemonThreads.thread(() -> {}, "mark").getId();
    }

    /** Called before any code of the bundle can run. */
    void resolved(long bundleId) {
        resolved.put(bundleId, now());
    }

    void uninstalled(long bundleId) {
        resolved.remove(bundleId);
    }

    /** The threads of a bundle have higher numbers. */
    long of(long bundleId) {
        return resolved.getOrDefault(bundleId, first);
    }

    /**
     * When a plugin was the only one that could make threads with classes of its names.
     *
     * @param known the plugins that were here before and after it
     * @param owners the bundles that have such classes now
     */
    Span alone(Plugin plugin, Collection<Plugin> known, Collection<Long> owners) {
        long from = plugin.born();
        long until = Long.MAX_VALUE;
        for (Plugin other : known) {
            if (other != plugin && other.name().equals(plugin.name())) {
                if (other.born() < plugin.born()) {
                    from = Math.max(from, other.ended());
                } else {
                    until = Math.min(until, other.born());
                }
            }
        }
        for (long owner : owners) {
            until = Math.min(until, of(owner));
        }
        return new Span(from, until);
    }
}
