package io.cardea.core.registry;

import io.cardea.oauth.provider.ProviderContext;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The few threads that one provider's code runs on, so that code which blocks holds up nobody else. They come when there
 * is work and go when there is none.
 */
final class ProviderThreads implements Executor {

    private static final int MOST = 4;
    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    ProviderThreads(String name) {
        threads = new ThreadPoolExecutor(
                MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "cardea-" + name);
                    thread.setDaemon(true);
                    // Not that of whoever happened to need the thread first: it may have to be forgotten.
                    thread.setContextClassLoader(ProviderThreads.class.getClassLoader());
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** The context whose answers are looked at on these threads. */
    ProviderContext context(ProviderContext shared) {
        return new ProviderContext() {
            @Override
            public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
                return shared.send(request).whenCompleteAsync((answer, thrown) -> {}, ProviderThreads.this);
            }

            @Override
            public InstantSource clock() {
                return shared.clock();
            }
        };
    }
}
