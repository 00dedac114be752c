package io.cardea.itests.hanging;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Hangs, and heeds no interrupt, until the file that is configured for it exists; not at all where none is. */
final class Hang {

    private Hang() {}

    static void asConfigured(Map<String, Object> configuration) {
        // Cardea hides what a provider is configured with by a leading dot.
        Object until = configuration.get(".hang_until");
        while (until != null && !Files.exists(Path.of(until.toString()))) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            if (Thread.interrupted()) {
                continue;
            }
        }
    }
}
