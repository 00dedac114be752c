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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews, ahead of their end, the access tokens that somebody asked for lately, so that the next one who asks need not
 * wait.
 */
final class RefreshAhead implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshAhead.class);
    private static final Duration LATELY = Duration.ofHours(1);
    // Of one provider: those of one that hangs take no turn from the others.
    private static final int MAX_AT_ONCE = 8;
    private static final int TICK_SECONDS = 15;

    private final Function<ConnectionKey, Optional<StoredConnection>> connections;
    private final Refresher refresher;
    private final InstantSource clock;
    private final Map<ConnectionKey, AtomicLong> lastUse = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> DaemonThreads.thread(task, "refresh"));

    RefreshAhead(
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
        lastUse.keySet().forEach(key -> refreshIfDue(key, now));
    }

    private void refreshIfDue(ConnectionKey key, Instant now) {
        AtomicInteger turns = underWay.computeIfAbsent(key.provider(), provider -> new AtomicInteger());
        if (turns.get() >= MAX_AT_ONCE) {
            return;
        }
        try {
            connections.apply(key).filter(stored -> isDue(stored, now)).ifPresent(stored -> {
                turns.incrementAndGet();
                refresher.refreshInTime(stored).whenComplete((refreshed, thrown) -> turns.decrementAndGet());
            });
        } catch (OAuthException unreadable) {
            // It costs itself alone.
            LOG.debug("{} cannot be renewed ahead of its end", key, unreadable);
        }
    }

    private boolean isDue(StoredConnection stored, Instant now) {
        return !stored.reauthorizationRequired()
                && stored.credential().refreshToken().isPresent()
                && RefreshSchedule.isDueAhead(stored, now)
                && refresher.tooEarly(stored.key()).isEmpty();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
