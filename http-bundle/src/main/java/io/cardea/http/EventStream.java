package io.cardea.http;

import io.cardea.oauth.Event;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener's answer, which goes on until one of both leaves. Whoever tells an event leaves it here and goes on; a
 * thread of the container writes it, while the connection takes it without waiting. A listener that does not read is cut
 * off: when too much waits for it, or when it has taken nothing for a minute.
 */
final class EventStream implements Consumer<Event>, WriteListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    // More than are remembered, for whoever comes back after a while is told all of those at once.
    private static final int MAX_WAITING = 2000;
    private static final int BATCH = 100;
    private static final int MAX_MISSED_BEATS = 30;
    // No provider has this name, so a key that is limited to some does not open it.
    private static final String EVERY_PROVIDER = "*";

    /** Who is to do something next. */
    private enum Turn {
        /** The container calls when the connection takes more. */
        CONTAINER,
        /** One thread writes, or is about to. */
        WRITER,
        /** There is nothing to write. */
        NEWS
    }

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Predicate<String> mayHear;
    // Guards what follows; never held while anything is called that is not in this class.
    private final Object lock = new Object();
    private final Deque<Event> waiting = new ArrayDeque<>();
    private Turn turn = Turn.CONTAINER;
    private boolean beginning = true;
    private boolean beating;
    private int missedBeats;
    private boolean closing;
    private boolean gone;
    private Runnable whenGone = () -> {};
    /** Of the writer alone. */
    private boolean unflushed;

    private EventStream(AsyncContext async, ServletOutputStream out, Predicate<String> mayHear) {
        this.async = async;
        this.out = out;
        this.mayHear = mayHear;
    }

    /** @param mayHear whether the listener may know of a provider; asked at each event */
    static EventStream begin(HttpServletRequest request, HttpServletResponse response, Predicate<String> mayHear)
            throws IOException {
        Answer.beginEvents(response);
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        EventStream stream = new EventStream(async, response.getOutputStream(), mayHear);
        // In case the container notices first that nobody is there.
        async.addListener(new AsyncEnd(stream::end));
        stream.out.setWriteListener(stream);
        return stream;
    }

    /** Is run once, when this stream has ended, however it did. */
    void whenGone(Runnable action) {
        synchronized (lock) {
            if (!gone) {
                whenGone = action;
                return;
            }
        }
        action.run();
    }

    @Override
    public void accept(Event event) {
        if (!mayHear.test(event.provider().isEmpty() ? EVERY_PROVIDER : event.provider())) {
            return;
        }
        boolean tooMuch;
        synchronized (lock) {
            tooMuch = waiting.size() == MAX_WAITING;
            if (!tooMuch && !closing) {
                waiting.add(event);
            }
        }
        if (tooMuch) {
            LOG.info("A listener to events is cut off: it does not read");
            close();
        } else {
            wake();
        }
    }

    /** Shows the listener, and whatever is between, that there is somebody. */
    void beat() {
        boolean stuck;
        synchronized (lock) {
            missedBeats = turn == Turn.CONTAINER ? missedBeats + 1 : 0;
            stuck = missedBeats == MAX_MISSED_BEATS;
            beating = turn == Turn.NEWS;
        }
        if (stuck) {
            LOG.info("A listener to events is cut off: it has not read for a while");
            close();
        } else {
            wake();
        }
    }

    private void wake() {
        synchronized (lock) {
            if (turn != Turn.NEWS || closing || !isSomethingToWrite()) {
                return;
            }
            turn = Turn.WRITER;
        }
        try {
            async.start(this::write);
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    private boolean isSomethingToWrite() {
        return beginning || beating || !waiting.isEmpty();
    }

    @Override
    public void onWritePossible() {
        write();
    }

    private void write() {
        try {
            while (mayWrite()) {
                byte[] next = next();
                if (next.length > 0) {
                    out.write(next);
                    unflushed = true;
                } else if (unflushed) {
                    unflushed = false;
                    out.flush();
                } else if (isDone()) {
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            onError(e);
        }
    }

    /**
     * Whether the connection takes something now. If not, the container calls again, perhaps before this has returned: so
     * it is the container's turn before it is asked.
     */
    private boolean mayWrite() {
        boolean end;
        synchronized (lock) {
            end = closing;
            turn = Turn.CONTAINER;
        }
        if (end) {
            end();
            return false;
        }
        if (!out.isReady()) {
            return false;
        }
        synchronized (lock) {
            turn = closing ? Turn.CONTAINER : Turn.WRITER;
            return !closing;
        }
    }

    private byte[] next() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(512);
        Deque<Event> batch = new ArrayDeque<>();
        synchronized (lock) {
            if (beginning) {
                text.writeBytes(EventText.BEGIN);
            } else if (beating && waiting.isEmpty()) {
                text.writeBytes(EventText.HEARTBEAT);
            }
            beginning = false;
            beating = false;
            while (!waiting.isEmpty() && batch.size() < BATCH) {
                batch.add(waiting.remove());
            }
        }
        batch.forEach(event -> EventText.write(text, event));
        return text.toByteArray();
    }

    private boolean isDone() {
        synchronized (lock) {
            boolean done = !closing && !isSomethingToWrite();
            turn = done ? Turn.NEWS : turn;
            return done;
        }
    }

    /** Ends the answer, as a reader expects it. If somebody writes at this moment, that thread does it. */
    void close() {
        synchronized (lock) {
            closing = true;
            waiting.clear();
            if (turn == Turn.WRITER) {
                return;
            }
        }
        end();
    }

    @Override
    public void onError(Throwable failure) {
        LOG.debug("A listener to events has left", failure);
        end();
    }

    private void end() {
        Runnable action;
        synchronized (lock) {
            if (gone) {
                return;
            }
            gone = true;
            closing = true;
            waiting.clear();
            action = whenGone;
        }
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The container has ended it already", e);
        }
        action.run();
    }
}
