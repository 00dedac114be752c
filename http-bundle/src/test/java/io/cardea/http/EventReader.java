package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection of which a test decides when it takes something. What the container would do later, it does at once. */
final class EventReader {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Optional<WriteListener> writer = Optional.empty();
    private final List<AsyncListener> listeners = new ArrayList<>();
    private boolean reading;
    private boolean broken;
    private boolean leaving;
    private boolean owesCall;
    int completions;

    final HttpServletRequest request = proxy(HttpServletRequest.class, (self, method, arguments) -> async());
    final HttpServletResponse response = proxy(
            HttpServletResponse.class,
            (self, method, arguments) -> method.getName().equals("getOutputStream") ? new Connection() : null);

    private AsyncContext async() {
        return proxy(AsyncContext.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "start" -> ((Runnable) arguments[0]).run();
                case "addListener" -> listeners.add((AsyncListener) arguments[0]);
                case "complete" -> completions++;
                default -> {}
            }
            return null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** The connection takes what comes, from now on. */
    EventReader read() {
        reading = true;
        if (owesCall) {
            owesCall = false;
            call();
        }
        return this;
    }

    private void call() {
        try {
            writer.orElseThrow().onWritePossible();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The connection takes nothing more. */
    void pause() {
        reading = false;
    }

    /** The next write fails. */
    void leave() {
        broken = true;
    }

    /** The next write is lost, and the one after it fails. */
    void leaveUnnoticed() {
        leaving = true;
    }

    /** The container notices by itself that nobody is there. */
    void ended() throws IOException {
        for (AsyncListener listener : listeners) {
            listener.onComplete(null);
        }
    }

    String text() {
        return out.toString(UTF_8);
    }

    private final class Connection extends ServletOutputStream {

        @Override
        public boolean isReady() {
            owesCall = !reading;
            return reading;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            writer = Optional.of(listener);
            owesCall = true;
            if (reading) {
                owesCall = false;
                call();
            }
        }

        @Override
        public void write(int b) throws IOException {
            if (broken) {
                throw new IOException("Broken pipe");
            }
            out.write(b);
        }

        @Override
        public void flush() {
            broken = leaving;
        }
    }
}
