package io.cardea.core.login;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins that programs watch over, each until some time after its end; only so many at once. Each change of one is
 * written to the disk.
 */
final class FlowTable {

    private static final Logger LOG = LoggerFactory.getLogger(FlowTable.class);

    private final int most;
    private final InstantSource clock;
    private final FlowFiles files;
    private final ScheduledExecutorService timer;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final FlowsInFlight inFlight = new FlowsInFlight();
    private volatile boolean closed;

    /** @param timer forgets each when its time has come */
    FlowTable(int most, InstantSource clock, FlowFiles files, ScheduledExecutorService timer) {
        this.most = most;
        this.clock = clock;
        this.files = files;
        this.timer = timer;
    }

    /** What was under way, or had ended a moment before, when the process ended. */
    synchronized List<Entry> restore() {
        return files.read().stream().map(this::restore).toList();
    }

    private Entry restore(FlowRecord left) {
        Entry entry = new Entry(left);
        entries.put(left.id(), entry);
        forgetInTime(entry);
        return entry;
    }

    /** Seals all with the vault key of now. */
    synchronized void sealAgain() {
        entries.values().forEach(Entry::save);
    }

    /**
     * Waits for the last steps that are under way, for a while: what a provider gives it gives once. Then the files are
     * another's, and no login can be claimed here any more.
     */
    void close(Duration patience) {
        inFlight.awaitEnd(patience);
        closed = true;
    }

    /** @throws OAuthException when there are too many already */
    void requireRoom() {
        entries.values().forEach(this::forgetIfOver);
        if (entries.size() >= most) {
            throw new OAuthException(
                    OAuthError.TEMPORARILY_UNAVAILABLE,
                    Optional.empty(),
                    most + " logins are under way or ended a moment ago. Try again in some minutes.");
        }
    }

    Entry add(FlowRecord begun) {
        Entry entry = new Entry(begun);
        // Written when it can be found: whoever seals all with another key must not miss it.
        entries.put(begun.id(), entry);
        entry.save();
        forgetInTime(entry);
        return entry;
    }

    /** @throws OAuthException when there is none, or no longer */
    Entry require(String id) {
        return Optional.ofNullable(entries.get(id))
                .filter(entry -> !isOver(entry))
                .orElseThrow(() -> new OAuthException(
                        OAuthError.UNKNOWN_FLOW,
                        Optional.empty(),
                        "There is no such login, or it ended some time ago. Start again."));
    }

    private boolean isOver(Entry entry) {
        return entry.now.keptUntil().isBefore(clock.instant());
    }

    private boolean forgetIfOver(Entry entry) {
        if (!isOver(entry)) {
            return false;
        }
        if (entries.remove(entry.id(), entry)) {
            entry.removeFile();
        }
        return true;
    }

    private void forgetInTime(Entry entry) {
        Duration wait = Duration.between(clock.instant(), entry.now.keptUntil());
        try {
            timer.schedule(
                    () -> {
                        // The clock may have been set meanwhile.
                        if (!forgetIfOver(entry)) {
                            forgetInTime(entry);
                        }
                    },
                    Math.max(0, wait.toSeconds()) + 1,
                    TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("Whoever comes next forgets it", stopping);
        }
    }

    /** One login. */
    final class Entry {

        private final Object changing = new Object();
        private volatile FlowRecord now;

        private Entry(FlowRecord begun) {
            this.now = begun;
        }

        String id() {
            return now.id();
        }

        ConnectionKey key() {
            return now.key();
        }

        /** As it is at this moment. */
        FlowRecord record() {
            return now.at(clock.instant());
        }

        State state() {
            return record().state();
        }

        boolean isClaimed() {
            return now.claimedAt().isPresent();
        }

        /** A call to its provider, for whose end a stop waits. */
        <T> CompletableFuture<T> awaited(CompletableFuture<T> call) {
            return inFlight.with(call);
        }

        /**
         * Whether it was this call that took it on itself to end the login; then that is on the disk, so that nobody does it
         * again after a restart.
         */
        boolean claim() {
            synchronized (changing) {
                FlowRecord known = record();
                if (closed || isClaimed() || known.state() != State.PENDING) {
                    return false;
                }
                // Before it is written, for it must not expire meanwhile. As exact as the vault's times are.
                now = known.claimed(clock.instant().truncatedTo(ChronoUnit.MILLIS));
                save();
                return true;
            }
        }

        /** Has it polled less often; tells the seconds between two polls. */
        int slower(int interval) {
            synchronized (changing) {
                FlowRecord known = record();
                if (known.device()
                        .filter(device -> device.interval() < interval)
                        .isPresent()) {
                    now = known.slower(interval);
                    save();
                }
                return interval;
            }
        }

        /** Told when it is on the disk, so that nobody hears something else after a restart. */
        void end(State how, Optional<OAuthException> why) {
            synchronized (changing) {
                FlowRecord known = record();
                if (known.state() == State.PENDING) {
                    FlowRecord ended = known.ended(how, why);
                    write(ended);
                    now = ended;
                }
            }
        }

        private void save() {
            synchronized (changing) {
                write(record());
            }
        }

        private void write(FlowRecord record) {
            if (!closed && entries.get(record.id()) == this) {
                files.write(record);
            }
        }

        private void removeFile() {
            synchronized (changing) {
                files.remove(id());
            }
        }
    }
}
