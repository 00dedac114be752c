package io.cardea.core.leak;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Asks for a collection that unloads classes when none has come by itself: an idle Cardea may go without for days. Each
 * halts the whole JVM, so only where the heap is so small that it takes a moment, and not while plugins come and go.
 */
final class Collector {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long SMALL_HEAP = 256L * 1024 * 1024;

    private final Duration patience;
    private final LongSupplier heap;
    private final Runnable collection;
    private long last = System.nanoTime();

    Collector() {
        this(PATIENCE, Collector::usedHeap, System::gc);
    }

    /** @param patience how long there must have been neither a departure nor a collection */
    Collector(Duration patience, LongSupplier heap, Runnable collection) {
        this.patience = patience;
        this.heap = heap;
        this.collection = collection;
    }

    /** One has come by itself. */
    void came(long now) {
        last = now;
    }

    /** @param departure when the last plugin left */
    void askUnlessBusy(long departure, long now) {
        long quiet = Math.min(now - departure, now - last);
        if (quiet >= patience.toNanos() && heap.getAsLong() <= SMALL_HEAP) {
            last = now;
            collection.run();
        }
    }

    private static long usedHeap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
