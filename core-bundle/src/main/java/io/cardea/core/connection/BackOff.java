package io.cardea.core.connection;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How long to leave a provider alone after refreshes that failed for the time being. */
final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 10;
    // The provider is not asked while it is so; whoever comes next may find that it has passed.
    private static final Set<OAuthError> OF_OUR_OWN =
            EnumSet.of(OAuthError.SERVER_ERROR, OAuthError.PROVIDER_UNAVAILABLE, OAuthError.REAUTHORIZATION_REQUIRED);

    private final Map<ConnectionKey, Pause> pauses = new ConcurrentHashMap<>();

    private record Pause(int failures, Instant until, OAuthException failure) {

        /** Whether it is for those who insist, too: the refresh token may be spent, or the server has told the time. */
        boolean isStrict() {
            return failure instanceof SentInVainException
                    || failure.retryAfter().isPresent();
        }
    }

    /**
     * The last failure, if it is too early to try again.
     *
     * @param insists whether somebody asks who waits in strict pauses alone
     */
    Optional<OAuthException> current(ConnectionKey key, Instant now, boolean insists) {
        return Optional.ofNullable(pauses.get(key))
                .filter(pause -> now.isBefore(pause.until()))
                .filter(pause -> !insists || pause.isStrict())
                .map(pause -> new TooEarly(pause.failure(), Duration.between(now, pause.until())));
    }

    /**
     * Whether that is news: false when the provider was not asked, for the same reason as the last time.
     *
     * <p>Only one refresh of a connection is under way, so nobody else changes its pause meanwhile.
     */
    boolean failed(ConnectionKey key, OAuthException failure, Instant now) {
        if (failure instanceof TooEarly) {
            return false;
        }
        @Nullable Pause before = pauses.get(key);
        int failures = before == null ? 0 : before.failures();
        if (OF_OUR_OWN.contains(failure.error())) {
            pauses.put(key, new Pause(failures, now, failure));
            return before == null || before.failure().error() != failure.error();
        }
        pauses.put(key, pause(failures + 1, failure, now));
        return true;
    }

    void ended(ConnectionKey key) {
        pauses.remove(key);
    }

    /**
     * Twice as long each time, and up to a half shorter by chance, so that not all come back at once; but not before the
     * time that the server told.
     */
    private static Pause pause(int failures, OAuthException failure, Instant now) {
        int counted = Math.min(failures, MAX_DOUBLINGS);
        Duration whole = FIRST.multipliedBy(1L << (counted - 1));
        long millis = Math.min(whole.toMillis(), LONGEST.toMillis());
        long less = ThreadLocalRandom.current().nextLong(millis / 2);
        Duration own = Duration.ofMillis(millis - less);
        Duration told = failure.retryAfter().orElse(Duration.ZERO).plusMillis(less);
        return new Pause(counted, now.plus(own.compareTo(told) > 0 ? own : told), failure);
    }

    /** The last failure, told again to somebody for whom it is too early. */
    private static final class TooEarly extends OAuthException {

        private static final long serialVersionUID = 1L;

        TooEarly(OAuthException last, Duration remaining) {
            super(last.error(), last.provider(), String.valueOf(last.getMessage()), last, Optional.of(remaining));
        }
    }
}
