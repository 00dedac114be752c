package io.cardea.core.registry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How many calls of a provider are under way, so that its bundle's end can wait for theirs. */
final class CallsInFlight {

    private int number;

    synchronized void begin() {
        number++;
    }

    /** Counts a call as ended when its answer is there. */
    <T> CompletableFuture<T> endWith(CompletableFuture<T> answer) {
        answer.whenComplete((value, thrown) -> end());
        return answer;
    }

    private synchronized void end() {
        number--;
        if (number == 0) {
            notifyAll();
        }
    }

    /** Waits until none is left, but not for longer than this; returns how many are left. */
    synchronized int await(Duration drainTimeout) {
        long end = System.nanoTime() + drainTimeout.toNanos();
        try {
            while (number > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    break;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return number;
    }
}
