package io.cardea.core.connection;

import io.cardea.core.thread.DaemonThreads;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews, ahead of their end, the access tokens that somebody asked for lately, so that the next one who asks need not
 * wait.
 */
final class LatelyUsed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LatelyUsed.class);
    private static final Duration LATELY = Duration.ofHours(1);
    private static final Duration AHEAD = Duration.ofMinutes(2);
    private static final int FRACTION_AHEAD = 10;
    private static final int MAX_AT_ONCE = 8;
    private static final int TICK_SECONDS = 15;

    private final Function<ConnectionKey, Optional<StoredConnection>> connections;
    private final Refresher refresher;
    private final InstantSource clock;
    private final Map<ConnectionKey, AtomicLong> lastUse = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThreads.thread(task, "refresh"));

    LatelyUsed(
            Function<ConnectionKey, Optional<StoredConnection>> connections, Refresher refresher, InstantSource clock) {
        this.connections = connections;
        this.refresher = refresher;
        this.clock = clock;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::tickOrTell, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    }

    /** Somebody asked for a token. */
    void used(ConnectionKey key, Instant now) {
        AtomicLong last = lastUse.get(key);
        if (last == null) {
            lastUse.put(key, new AtomicLong(now.toEpochMilli()));
        } else {
            last.lazySet(now.toEpochMilli());
        }
    }

    /** A provider has come, which may be what some have waited for. */
    void lookNow() {
        timer.execute(this::tickOrTell);
    }

    private void tickOrTell() {
        try {
            tick();
        } catch (RuntimeException e) {
            // One that fails must not end the others.
            LOG.error("Tokens could not be renewed ahead of their end", e);
        }
    }

    /** Begins the refreshes that are due. */
    void tick() {
        refresher.writeLeftOvers();
        Instant now = clock.instant();
        long oldest = now.minus(LATELY).toEpochMilli();
        lastUse.values().removeIf(last -> last.get() < oldest);
        for (ConnectionKey key : lastUse.keySet()) {
            if (refresher.underWay() >= MAX_AT_ONCE) {
                return;
            }
            refreshIfDue(key, now);
        }
    }

    private void refreshIfDue(ConnectionKey key, Instant now) {
        try {
            connections.apply(key).filter(stored -> isDue(stored, now)).ifPresent(refresher::refresh);
        } catch (OAuthException unreadable) {
            // It costs itself alone.
            LOG.debug("{} cannot be renewed ahead of its end", key, unreadable);
        }
    }

    private boolean isDue(StoredConnection stored, Instant now) {
        if (stored.reauthorizationRequired()
                || stored.credential().refreshToken().isEmpty()
                || refresher.tooEarly(stored.key()).isPresent()) {
            return false;
        }
        return stored.credential()
                .expiresAt()
                .filter(end -> now.isAfter(end.minus(ahead(stored, end))))
                .isPresent();
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

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
