package io.cardea.core.registry;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How long a departing provider may keep its bundle waiting: each so long, but all together when everything stops. */
final class DrainTimeout {

    private final Duration longest;
    private final BooleanSupplier allStops;
    private long end;
    private boolean begun;

    DrainTimeout(Duration longest, BooleanSupplier allStops) {
        this.longest = longest;
        this.allStops = allStops;
    }

    synchronized Duration now() {
        if (!allStops.getAsBoolean()) {
            return longest;
        }
        if (!begun) {
            begun = true;
            end = System.nanoTime() + longest.toNanos();
        }
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
