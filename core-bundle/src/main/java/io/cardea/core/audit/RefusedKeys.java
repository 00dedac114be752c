package io.cardea.core.audit;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Refused API keys, as few lines as tell of them: whoever tries key after key must not push out what the others did. A few
 * are lines of their own; of what goes beyond one a minute there is, each minute, the last with the count of all.
 */
final class RefusedKeys {

    private static final int OF_THEIR_OWN = 20;

    private final Consumer<AuditEntry> lines;
    private final Executor inAMinute;
    private int left = OF_THEIR_OWN;
    private int more;
    private Optional<AuditEntry> last = Optional.empty();
    private boolean closed;

    /** @param inAMinute runs what it gets a minute later */
    RefusedKeys(Consumer<AuditEntry> lines, Executor inAMinute) {
        this.lines = lines;
        this.inAMinute = inAMinute;
    }

    synchronized void add(AuditEntry refused) {
        if (left == 0) {
            more++;
            last = Optional.of(refused);
            return;
        }
        if (left == OF_THEIR_OWN) {
            inAMinute.execute(this::aMinutePassed);
        }
        left--;
        lines.accept(refused);
    }

    private synchronized void aMinutePassed() {
        if (last.isEmpty()) {
            left++;
        }
        sumUp();
        if (left < OF_THEIR_OWN && !closed) {
            inAMinute.execute(this::aMinutePassed);
        }
    }

    private void sumUp() {
        last.ifPresent(refused -> lines.accept(refused.with("count", more)));
        last = Optional.empty();
        more = 0;
    }

    /** Tells what was not told yet. */
    synchronized void close() {
        closed = true;
        sumUp();
    }
}
