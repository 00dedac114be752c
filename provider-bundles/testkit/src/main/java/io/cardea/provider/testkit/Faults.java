package io.cardea.provider.testkit;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What goes wrong at the server, on demand. What a browser opens is spared. */
public final class Faults {

    private static final int LONGEST_SECONDS = 60;

    private volatile Optional<Misbehaviour> misbehaviour = Optional.empty();
    private volatile boolean withholdsRefreshToken;
    private volatile boolean hasNextPollTooFast;
    private volatile CountDownLatch held = new CountDownLatch(0);

    Faults() {}

    /** From now on, every request has this answer. */
    public void misbehave(Misbehaviour how) {
        misbehaviour = Optional.of(how);
    }

    /** From now on, requests have proper answers again. */
    public void behave() {
        misbehaviour = Optional.empty();
    }

    /** From now on, no request is answered until {@link #release}. */
    public void hold() {
        held = new CountDownLatch(1);
    }

    /** Answers what was held. */
    public void release() {
        held.countDown();
    }

    /** From now on, a refresh brings no refresh token, which means that the old one stays (RFC 6749, section 6). */
    public void withholdRefreshToken() {
        withholdsRefreshToken = true;
    }

    /** The next poll of a device is answered {@code slow_down} (RFC 8628, section 3.5). */
    public void findNextPollTooFast() {
        hasNextPollTooFast = true;
    }

    Optional<Misbehaviour> misbehaviour() {
        return misbehaviour;
    }

    boolean withholdsRefreshToken() {
        return withholdsRefreshToken;
    }

    void requireSlowPoll() {
        if (hasNextPollTooFast) {
            hasNextPollTooFast = false;
            throw new Refusal("slow_down", "The client polls too often.");
        }
    }

    void awaitRelease() {
        try {
            // Whatever a test forgets, no thread stays for ever.
            if (!held.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
