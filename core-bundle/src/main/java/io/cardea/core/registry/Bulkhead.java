package io.cardea.core.registry;

import java.util.concurrent.Semaphore;

/**
 * How many of the callers' own threads may be inside a provider's code. There is room for those that answer at once, which
 * is nearly all; when some of them block, the others' calls go another way and no further thread is lost.
 */
final class Bulkhead {

    private static final int MAX_IN_ONE = 4;
    private static final int MAX_IN_ALL = 16;

    private final Semaphore one = new Semaphore(MAX_IN_ONE);
    private final Semaphore all;

    private Bulkhead(Semaphore all) {
        this.all = all;
    }

    /** The room that all bulkheads share. */
    static Semaphore shared() {
        return new Semaphore(MAX_IN_ALL);
    }

    static Bulkhead to(Semaphore shared) {
        return new Bulkhead(shared);
    }

    /** Whether the caller may go in; then it must leave again. */
    boolean enter() {
        if (one.tryAcquire()) {
            if (all.tryAcquire()) {
                return true;
            }
            one.release();
        }
        return false;
    }

    void leave() {
        all.release();
        one.release();
    }
}
