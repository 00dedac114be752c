package io.cardea.core.thread;

import java.util.concurrent.CompletionException;

/** What made a stage fail. */
public final class Failures {

    private Failures() {}

    /** The failure itself, whether or not a stage that depends on the failed one has put it into an exception of its own. */
    public static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
