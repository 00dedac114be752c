package io.cardea.core.registry;

import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Providers that have left and are thought to come back at once, as when their bundle is updated. Whoever asks for one of
 * them meanwhile waits here, without a thread, and hardly notices.
 */
final class Exchanges {

    private static final int MAX_WAITING = 1000;

    private final Duration longestWait;
    // What goes on after waiting goes on there, and not on the thread that brings the provider.
    private final Executor continuations;
    // One for each name; it ends when the provider is back, or is thought to come back no more.
    private final Map<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    /** @param longestWait how long somebody waits for a provider to come back */
    Exchanges(Duration longestWait, Executor continuations) {
        this.longestWait = longestWait;
        this.continuations = continuations;
    }

    /** The provider is leaving, and will come back. */
    void begin(String name) {
        if (!closed) {
            underWay.putIfAbsent(name, new CompletableFuture<>());
        }
    }

    /** Cardea itself stops: nobody waits any longer for what comes back, if at all, in another registry. */
    void close() {
        closed = true;
        underWay.keySet().forEach(this::end);
    }

    /** It is back, or will not come back after all. */
    void end(String name) {
        CompletableFuture<Void> over = underWay.remove(name);
        if (over != null) {
            over.complete(null);
        }
    }

    /** It is thought to come back no more if it is not back by then. */
    void endWithin(String name, Duration time) {
        CompletableFuture<Void> current = underWay.get(name);
        if (current != null) {
            CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        // Not one that has begun since.
                        if (underWay.remove(name, current)) {
                            current.complete(null);
                        }
                    });
        }
    }

    boolean isClosed() {
        return closed;
    }

    boolean isUnderWay(String name) {
        return underWay.containsKey(name);
    }

    /**
     * What comes when the exchange is over; absent when none is under way.
     *
     * @return fails with {@link OAuthError#PROVIDER_UNAVAILABLE} when that takes too long, or when too many wait already
     */
    Optional<CompletableFuture<Void>> over(String name) {
        return Optional.ofNullable(underWay.get(name)).map(over -> awaited(name, over));
    }

    private CompletableFuture<Void> awaited(String name, CompletableFuture<Void> over) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(
                    unavailable(name, "The provider is being updated, and many wait for it already. Try again soon."));
        }
        return over.copy()
                .orTimeout(longestWait.toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (back, thrown) -> {
                            waiting.decrementAndGet();
                            if (thrown instanceof TimeoutException) {
                                throw unavailable(
                                        name, "The provider is being updated, and is not back yet. Try again soon.");
                            }
                            return null;
                        },
                        continuations);
    }

    private static OAuthException unavailable(String name, String why) {
        return new OAuthException(OAuthError.PROVIDER_UNAVAILABLE, Optional.of(name), why);
    }
}
