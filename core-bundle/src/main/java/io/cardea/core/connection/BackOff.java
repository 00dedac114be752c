package io.cardea.core.connection;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** How long to leave a provider alone after refreshes that failed for the time being. */
final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 9;

    private final Map<ConnectionKey, Pause> pauses = new ConcurrentHashMap<>();

    private record Pause(int failures, Instant until, OAuthException failure) {}

    /** The last failure, if it is too early to try again. */
    Optional<OAuthException> current(ConnectionKey key, Instant now) {
        return Optional.ofNullable(pauses.get(key))
                .filter(pause -> now.isBefore(pause.until()))
                .map(Pause::failure);
    }

    void failed(ConnectionKey key, OAuthException failure, Instant now) {
        pauses.compute(key, (same, before) -> {
            int failures = before == null ? 1 : Math.min(before.failures() + 1, MAX_DOUBLINGS);
            return new Pause(failures, now.plus(pause(failures)), failure);
        });
    }

    void ended(ConnectionKey key) {
        pauses.remove(key);
    }

    /** Twice as long each time, and up to a half shorter by chance, so that not all come back at once. */
    private static Duration pause(int failures) {
        Duration whole = FIRST.multipliedBy(1L << (failures - 1));
        long millis = Math.min(whole.toMillis(), LONGEST.toMillis());
        return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2));
    }
}
