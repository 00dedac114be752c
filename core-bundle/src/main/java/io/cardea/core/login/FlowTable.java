package io.cardea.core.login;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.FlowStatus;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The logins that programs watch over, each until some time after its end; only so many at once. */
final class FlowTable {

    // Whoever asks now and then how a login stands must still find it when it has ended.
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final int most;
    private final InstantSource clock;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    FlowTable(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    /**
     * What a pasted login needs for its end.
     *
     * @param ownRedirectUri Cardea's own callback, where the provider has no page of its own for codes
     */
    record Manual(PendingLogin login, String ownRedirectUri) {}

    /** @throws OAuthException when there are too many already */
    void requireRoom() {
        Instant now = clock.instant();
        entries.values().removeIf(entry -> entry.expiresAt.plus(KEPT).isBefore(now));
        if (entries.size() >= most) {
            throw new OAuthException(
                    OAuthError.TEMPORARILY_UNAVAILABLE,
                    Optional.empty(),
                    most + " logins are under way or ended a moment ago. Try again in some minutes.");
        }
    }

    Entry add(String id, ConnectionKey key, Instant expiresAt, Optional<Manual> manual) {
        Entry entry = new Entry(id, key, expiresAt, manual, clock);
        entries.put(id, entry);
        return entry;
    }

    /** @throws OAuthException when there is none, or no longer */
    Entry require(String id) {
        Entry entry = entries.get(id);
        if (entry == null || entry.expiresAt.plus(KEPT).isBefore(clock.instant())) {
            throw new OAuthException(
                    OAuthError.UNKNOWN_FLOW,
                    Optional.empty(),
                    "There is no such login, or it ended some time ago. Start again.");
        }
        return entry;
    }

    /** One login. */
    static final class Entry {

        private final String id;
        private final ConnectionKey key;
        private final Instant expiresAt;
        private final Optional<Manual> manual;
        private final InstantSource clock;
        private boolean claimed;
        private State state = State.PENDING;
        private Optional<OAuthException> failure = Optional.empty();

        private Entry(String id, ConnectionKey key, Instant expiresAt, Optional<Manual> manual, InstantSource clock) {
            this.id = id;
            this.key = key;
            this.expiresAt = expiresAt;
            this.manual = manual;
            this.clock = clock;
        }

        String id() {
            return id;
        }

        ConnectionKey key() {
            return key;
        }

        Optional<Manual> manual() {
            return manual;
        }

        synchronized State state() {
            if (state == State.PENDING && !claimed && !expiresAt.isAfter(clock.instant())) {
                state = State.EXPIRED;
            }
            return state;
        }

        /** Whether it was this call that took it on itself to end the login. */
        synchronized boolean claim() {
            if (claimed || state() != State.PENDING) {
                return false;
            }
            claimed = true;
            return true;
        }

        synchronized boolean isClaimed() {
            return claimed;
        }

        synchronized void end(State how, Optional<OAuthException> why) {
            if (state == State.PENDING) {
                state = how;
                failure = why;
            }
        }

        FlowStatus status() {
            synchronized (this) {
                return new FlowStatus(key, state(), failure);
            }
        }
    }
}
