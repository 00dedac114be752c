package io.cardea.core.event;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each event to all who listen, and remembers the last ones for those who were away. */
@Component(service = {Events.class, EventLog.class})
public final class EventLog implements Events {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final int MAX_REMEMBERED = 1000;

    private final InstantSource clock;
    private final Deque<Event> remembered = new ArrayDeque<>();
    // A copy with each change: a listener may leave at the very event that it is told of.
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private long lastId;

    @Activate
    public EventLog() {
        this(InstantSource.system());
    }

    /** An event log of its own time. */
    public EventLog(InstantSource clock) {
        this.clock = clock;
        // So that ids go on growing after a restart; nobody makes a thousand events in each millisecond of its life.
        this.lastId = clock.millis() * MAX_REMEMBERED;
    }

    /** Something happened to a provider. */
    public void tell(Event.Type type, String provider, Optional<String> detail) {
        tell(type, provider, Optional.empty(), detail);
    }

    /** Something happened to a connection. */
    public void tell(Event.Type type, ConnectionKey key, Optional<String> detail) {
        tell(type, key.provider(), Optional.of(key.connection()), detail);
    }

    /** Something happened to no provider in particular. */
    public void tell(Event.Type type, String detail) {
        tell(type, "", Optional.empty(), Optional.of(detail));
    }

    // Under the lock also while listeners are called, so that each hears of all events in their order.
    private synchronized void tell(
            Event.Type type, String provider, Optional<String> connection, Optional<String> detail) {
        lastId++;
        Event event = new Event(lastId, type, clock.instant(), provider, connection, detail);
        if (remembered.size() == MAX_REMEMBERED) {
            remembered.removeFirst();
        }
        remembered.addLast(event);
        listeners.forEach(listener -> tell(listener, event));
    }

    private static void tell(Consumer<Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("A listener failed at {}", event.type().wireName(), e);
        }
    }

    @Override
    public synchronized Subscription subscribe(long after, Consumer<Event> listener) {
        remembered.stream().filter(event -> event.id() > after).forEach(event -> tell(listener, event));
        listeners.add(listener);
        return () -> unsubscribe(listener);
    }

    private synchronized void unsubscribe(Consumer<Event> listener) {
        listeners.removeIf(known -> known == listener);
    }
}
