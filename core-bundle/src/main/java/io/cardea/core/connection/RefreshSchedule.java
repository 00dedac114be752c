package io.cardea.core.connection;

import io.cardea.core.vault.StoredConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When an access token is to be renewed. One whose end nobody knows never is by itself. */
final class RefreshSchedule {

    private static final Duration AHEAD = Duration.ofMinutes(2);
    private static final int FRACTION_AHEAD = 10;

    private RefreshSchedule() {}

    static boolean hasEnded(StoredConnection stored, Instant now) {
        Optional<Instant> end = stored.credential().expiresAt();
        return end.isPresent() && !end.get().isAfter(now);
    }

    /** Whether it lives longer than somebody wants; one that never lives as long does in the first half of its life. */
    static boolean suffices(StoredConnection stored, Instant now, Duration minTtl) {
        Optional<Instant> end = stored.credential().expiresAt();
        if (end.isEmpty()) {
            return true;
        }
        Duration left = Duration.between(now, end.get());
        if (left.compareTo(minTtl) > 0) {
            return true;
        }
        Duration lifetime = Duration.between(stored.grantedAt(), end.get());
        return lifetime.compareTo(minTtl) <= 0 && left.multipliedBy(2).compareTo(lifetime) > 0;
    }

    /** Whether it ends so soon that it is renewed before somebody asks for it. */
    static boolean isDueAhead(StoredConnection stored, Instant now) {
        Optional<Instant> end = stored.credential().expiresAt();
        return end.isPresent() && now.isAfter(end.get().minus(ahead(stored, end.get())));
    }

    /** Two minutes, or a tenth of a long life, but never half of a short one; a little less for some than for others. */
    private static Duration ahead(StoredConnection stored, Instant end) {
        Duration lifetime = Duration.between(stored.grantedAt(), end);
        Duration wanted = longer(AHEAD, lifetime.dividedBy(FRACTION_AHEAD));
        Duration ahead = wanted.compareTo(lifetime.dividedBy(2)) < 0 ? wanted : lifetime.dividedBy(2);
        return ahead.multipliedBy(75 + Math.floorMod(stored.key().hashCode(), 26))
                .dividedBy(100);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
