package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.Events;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Those who listen to events at this moment, a bounded number of them. They have no threads of their own: one keeps the
 * time of all their heartbeats, and the container's write when there is something to write.
 */
final class EventStreams {

    private static final int MAX_AT_ONCE = 64;
    // Who has left is noticed at the second heartbeat after that: until then nobody else has the place.
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final Events events;
    private final Duration heartbeat;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer;
    private volatile boolean closing;

    EventStreams(Events events) {
        this(events, HEARTBEAT);
    }

    EventStreams(Events events, Duration heartbeat) {
        this.events = events;
        this.heartbeat = heartbeat;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "cardea-events");
            thread.setDaemon(true);
            thread.setContextClassLoader(EventStreams.class.getClassLoader());
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * A place for one more.
     *
     * @throws Refused with 503 when there is none
     */
    Place take() {
        if (closing || !places.tryAcquire()) {
            throw new Refused(503, "temporarily_unavailable", "Too many listen to events at once; try again");
        }
        return new Place();
    }

    /** Ends all streams, as a reader expects it. Nobody can listen any more. */
    void close() {
        closing = true;
        open.forEach(EventStream::close);
        timer.shutdownNow();
    }

    /** Room for one listener, until it has gone. */
    final class Place {

        private final AtomicBoolean taken = new AtomicBoolean(true);

        /**
         * Turns a request into a stream.
         *
         * @param after the id of the last event that the listener knows
         * @param mayHear whether the listener may know of a provider; asked at each event
         */
        void begin(HttpServletRequest request, HttpServletResponse response, long after, Predicate<String> mayHear)
                throws IOException {
            try {
                EventStream stream = EventStream.begin(request, response, mayHear);
                stream.whenGone(this::release);
                listen(stream, after);
            } catch (IOException | RuntimeException e) {
                release();
                throw e;
            }
        }

        private void listen(EventStream stream, long after) {
            open.add(stream);
            Events.Subscription subscription = events.subscribe(after, stream);
            Optional<ScheduledFuture<?>> beats = beats(stream);
            stream.whenGone(() -> {
                subscription.close();
                beats.ifPresent(timed -> timed.cancel(false));
                open.remove(stream);
                release();
            });
            if (closing) {
                stream.close();
            }
        }

        private Optional<ScheduledFuture<?>> beats(EventStream stream) {
            try {
                return Optional.of(timer.scheduleAtFixedRate(
                        stream::beat, heartbeat.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS));
            } catch (RejectedExecutionException stopping) {
                return Optional.empty();
            }
        }

        private void release() {
            if (taken.compareAndSet(true, false)) {
                places.release();
            }
        }
    }
}
