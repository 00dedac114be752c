package io.cardea.core.registry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How many calls of a provider are under way, so that its bundle's end can wait for theirs. */
final class CallsInFlight {

    // Beside the number, in its highest bit: both change in one step, and none of the calls takes a lock.
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final int NUMBER = Integer.MAX_VALUE;

    private final AtomicInteger state = new AtomicInteger();

    /** Whether the call may begin: none does that nobody would wait for. */
    boolean tryBegin() {
        int now = state.get();
        while ((now & CLOSED) == 0) {
            if (state.compareAndSet(now, now + 1)) {
                return true;
            }
            now = state.get();
        }
        return false;
    }

    /** Begins a call that is part of one that is under way. */
    void begin() {
        state.incrementAndGet();
    }

    /** Counts a call as ended when its answer is there. */
    <T> CompletableFuture<T> endWith(CompletableFuture<T> answer) {
        answer.whenComplete((value, thrown) -> end());
        return answer;
    }

    private void end() {
        if (state.decrementAndGet() == CLOSED) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** No other call begins. */
    void close() {
        state.getAndUpdate(now -> now | CLOSED);
    }

    /** Waits until none is left, but not for longer than this; returns how many are left. */
    synchronized int await(Duration drainTimeout) {
        long end = System.nanoTime() + drainTimeout.toNanos();
        try {
            while ((state.get() & NUMBER) > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    break;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return state.get() & NUMBER;
    }
}
