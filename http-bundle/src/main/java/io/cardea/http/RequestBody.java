package io.cardea.http;

import io.cardea.http.Failure.Refused;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads the bodies of requests while no thread waits for them: 64 KiB at most, and all of it within one deadline, so that
 * a caller who sends a byte now and then costs a connection for that long and nothing else. The number of threads no
 * longer bounds how many are read at once, so that has a bound of its own, for the sake of memory.
 */
final class RequestBody {

    private static final int LARGEST = 64 * 1024;
    private static final int MAX_AT_ONCE = 256;
    private static final int CHUNK = 4 * 1024;

    private final Duration deadline;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);

    RequestBody() {
        this(Duration.ofSeconds(10));
    }

    RequestBody(Duration deadline) {
        this.deadline = deadline;
    }

    /**
     * The whole body, later; the request is asynchronous from here on. Fails with {@link Refused}: 413 when it is too
     * large, 408 when it is not here in time, 400 when it ends early; or at once with 503 while too many others are read.
     */
    CompletableFuture<byte[]> read(HttpServletRequest request) {
        if (request.getContentLengthLong() > LARGEST) {
            throw tooLarge();
        }
        if (!places.tryAcquire()) {
            throw new Refused(503, "temporarily_unavailable", "Too many requests are arriving at once; try again");
        }
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        body.whenComplete((read, failed) -> places.release());
        try {
            listen(request, body);
        } catch (IOException | RuntimeException e) {
            body.completeExceptionally(e);
        }
        return body;
    }

    private void listen(HttpServletRequest request, CompletableFuture<byte[]> body) throws IOException {
        AsyncContext async = request.startAsync();
        // The deadline here is for the body alone; what comes after it has limits of its own.
        async.setTimeout(0);
        CompletableFuture<Boolean> late =
                new CompletableFuture<Boolean>().completeOnTimeout(true, deadline.toMillis(), TimeUnit.MILLISECONDS);
        late.thenAccept(isSo -> {
            if (isSo) {
                // The answer is written there, which may wait; the JDK has one thread for all its clocks.
                async.start(() -> body.completeExceptionally(tooLate()));
            }
        });
        body.whenComplete((read, failed) -> late.complete(false));
        ServletInputStream in = request.getInputStream();
        in.setReadListener(new Collector(in, body));
    }

    /** Whether the body says that it is of this type, whatever its parameters. */
    static boolean isOfType(HttpServletRequest request, String type) {
        String said = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        return said.equals(type) || said.startsWith(type + ";");
    }

    private static Refused tooLarge() {
        return new Refused(413, "invalid_request", "The body is larger than " + LARGEST + " bytes");
    }

    private static Refused tooLate() {
        return new Refused(408, "invalid_request", "The body took too long to arrive");
    }

    /** Called by the container, by one thread at a time, when there is something to read. */
    private static final class Collector implements ReadListener {

        private final ServletInputStream in;
        private final CompletableFuture<byte[]> body;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

        Collector(ServletInputStream in, CompletableFuture<byte[]> body) {
            this.in = in;
            this.body = body;
        }

        @Override
        public void onDataAvailable() throws IOException {
            byte[] chunk = new byte[CHUNK];
            while (!body.isDone() && in.isReady() && !in.isFinished()) {
                int length = in.read(chunk);
                bytes.write(chunk, 0, Math.max(0, length));
                if (bytes.size() > LARGEST) {
                    body.completeExceptionally(tooLarge());
                }
            }
        }

        @Override
        public void onAllDataRead() {
            body.complete(bytes.toByteArray());
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(
                    failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
                            ? tooLate()
                            : new Refused(400, "invalid_request", "The body did not arrive whole"));
        }
    }
}
