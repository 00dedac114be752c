package io.cardea.core.login;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The polls and exchanges that are under way: what a provider has given is given once, and a stop waits for it. */
final class FlowsInFlight {

    private static final Logger LOG = LoggerFactory.getLogger(FlowsInFlight.class);

    private final Map<Object, CompletableFuture<?>> calls = new ConcurrentHashMap<>();

    <T> CompletableFuture<T> with(CompletableFuture<T> call) {
        Object key = new Object();
        calls.put(key, call);
        call.whenComplete((value, thrown) -> calls.remove(key));
        return call;
    }

    /** Waits for all, but not for longer than this. */
    void awaitEnd(Duration patience) {
        try {
            CompletableFuture.allOf(calls.values().toArray(new CompletableFuture<?>[0]))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException ended) {
            LOG.debug("A login has failed meanwhile", ended);
        } catch (TimeoutException e) {
            LOG.warn("{} logins wait for a provider and are left to themselves", calls.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
