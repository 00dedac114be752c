package io.cardea.core.login;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The logins that have ended and could still be shown again. Each is forgotten when its time is over, for then it is
 * refused anyway; so there are never more than end within one lifetime, and never more than the limit.
 */
final class ConsumedLogins {

    private final int limit;
    private final Map<String, Long> expiryByState = new ConcurrentHashMap<>();
    private final AtomicLong nextSweep = new AtomicLong();

    ConsumedLogins(int limit) {
        this.limit = limit;
    }

    /**
     * Marks a login as ended.
     *
     * @param now and {@code expiresAt} in epoch seconds
     * @return whether it was this call that ended it; false also when its time is over, for then it may have been
     *     forgotten that it had ended, and when no more logins can be remembered
     */
    boolean consume(String state, long expiresAt, long now) {
        sweep(now);
        return expiresAt >= now && expiryByState.size() < limit && expiryByState.putIfAbsent(state, expiresAt) == null;
    }

    int size() {
        return expiryByState.size();
    }

    private void sweep(long now) {
        long due = nextSweep.get();
        // At most once a second, and by one thread.
        if (now > due && nextSweep.compareAndSet(due, now)) {
            expiryByState.values().removeIf(expiresAt -> expiresAt < now);
        }
    }
}
