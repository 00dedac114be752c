package io.cardea.core.leak;

import java.lang.ref.WeakReference;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A provider's bundle as it was from its resolution to its update or end. Holds text and numbers, and its class loader
 * weakly: nothing of the bundle stays because of this.
 */
final class Plugin {

    private static final long NOT_YET = Long.MAX_VALUE;

    private final long bundleId;
    private final String name;
    private final String version;
    private final WeakReference<ClassLoader> loader;
    private final Set<String> packages;
    private final long born;
    private volatile long ended = NOT_YET;
    private volatile long leftAt = NOT_YET;
    // The rest is for the one thread that looks.
    private int looks;
    private Set<Long> threads = Set.of();
    private int rounds;
    private boolean told;

    /** @param born no thread of a lower number is its own */
    Plugin(long bundleId, String name, String version, ClassLoader loader, Set<String> packages, long born) {
        this.bundleId = bundleId;
        this.name = name;
        this.version = version;
        this.loader = new WeakReference<>(loader);
        this.packages = packages;
        this.born = born;
    }

    long bundleId() {
        return bundleId;
    }

    /** The symbolic name. */
    String name() {
        return name;
    }

    /** Name and version. */
    String nameAndVersion() {
        return name + " " + version;
    }

    /** Absent when it has been collected. */
    Optional<ClassLoader> loader() {
        return Optional.ofNullable(loader.get());
    }

    /** False, too, when its own has been collected. */
    boolean isOf(ClassLoader other) {
        return other != null && loader.get() == other;
    }

    /** Those that it brings itself. */
    Set<String> packages() {
        return packages;
    }

    long born() {
        return born;
    }

    /** After this number others made the threads. */
    long ended() {
        return ended;
    }

    /** It has stopped. */
    void end(long atThread) {
        if (ended == NOT_YET) {
            ended = atThread;
        }
    }

    /** It has been started again as it was. */
    void goOn() {
        ended = NOT_YET;
    }

    /** It will not be started again; at this moment of {@link System#nanoTime}. */
    void leave(long now) {
        if (leftAt == NOT_YET) {
            leftAt = now;
        }
    }

    boolean hasLeft() {
        return leftAt != NOT_YET;
    }

    long leftAt() {
        return leftAt;
    }

    /** Takes down the threads that are its own; returns those that were there before, too. */
    Set<Long> sawThreads(Set<Long> found) {
        Set<Long> twice = new HashSet<>(threads);
        twice.retainAll(found);
        threads = Set.copyOf(found);
        looks++;
        return twice;
    }

    int looks() {
        return looks;
    }

    /** Takes down how often classes had been unloaded when it was first found where it should no longer be. */
    void suspect(int unloadings) {
        rounds = unloadings;
    }

    int suspectedSince() {
        return rounds;
    }

    void tell() {
        told = true;
    }

    boolean isTold() {
        return told;
    }
}
