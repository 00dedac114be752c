package io.cardea.core.leak;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All that are alive and where they are, asked for when they are needed, and once: that halts each for an instant. */
final class Threads {

    private Optional<Map<Thread, StackTraceElement[]>> stacks = Optional.empty();

    Stream<Map.Entry<Thread, StackTraceElement[]>> all() {
        if (stacks.isEmpty()) {
            stacks = Optional.of(Thread.getAllStackTraces());
        }
        return stacks.get().entrySet().stream();
    }
}
