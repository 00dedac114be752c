package io.cardea.core.thread;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A few threads for one purpose. They come when there is work and go when there is none; none keeps the JVM alive. */
public final class DaemonThreads implements Executor {

    private static final int MOST = 4;
    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor threads;

    private static final class Own extends Thread {

        Own(Runnable task, String name) {
            super(task, name);
            setDaemon(true);
            // Not that of whoever happened to need the thread first: it may have to be forgotten.
            setContextClassLoader(DaemonThreads.class.getClassLoader());
        }
    }

    /** @param purpose is seen in the threads' names */
    public DaemonThreads(String purpose) {
        this(new ThreadPoolExecutor(
                MOST,
                MOST,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> thread(task, purpose)));
        threads.allowCoreThreadTimeOut(true);
    }

    private DaemonThreads(ThreadPoolExecutor threads) {
        this.threads = threads;
    }

    /** One thread, which does what it is given in turn and ends with the last of it. */
    public static DaemonThreads inTurn(String purpose) {
        return new DaemonThreads(new ThreadPoolExecutor(
                0, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> thread(task, purpose)));
    }

    /** One thread, not started. */
    public static Thread thread(Runnable task, String purpose) {
        return new Own(task, "cardea-" + purpose);
    }

    /** Whether the caller runs on one of Cardea's threads, which others wait for, and not on that of a request. */
    public static boolean areRunning() {
        return isOne(Thread.currentThread());
    }

    /** Whether a thread is one of Cardea's. */
    public static boolean isOne(Thread thread) {
        return thread instanceof Own;
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Ends the threads when what was given to them is done. */
    public void stop() {
        threads.shutdown();
    }
}
