package io.cardea.core.leak.leaky;

import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Packed into bundles; leaves behind what its header says. */
public final class LeakyActivator implements BundleActivator {

    public static final String LEAK = "Leak";
    public static final String ENDED = "cardea.test.leaky.ended";

    private static final ThreadLocal<List<Object>> LEFT = new ThreadLocal<>();
    private final List<Object> executors = new ArrayList<>();

    @Override
    public void start(BundleContext context) {
        switch (context.getBundle().getHeaders().get(LEAK)) {
            case "thread" -> daemon(LeakyActivator::goOn, "leaky-thread").start();
            case "subclass" -> new Own().start();
            case "short" ->
                daemon(() -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(350)), "short-thread")
                        .start();
            case "timer" -> timer();
            case "executor" -> executor();
            case "thread-local" ->
                context.registerService(
                        Runnable.class, () -> LEFT.set(new ArrayList<>(List.of(new LeakyActivator()))), null);
            default -> {}
        }
    }

    @Override
    public void stop(BundleContext context) {}

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void goOn() {
        while (System.getProperty(ENDED) == null) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static void timer() {
        new Timer("leaky-timer", true)
                .schedule(
                        new TimerTask() {
                            @Override
                            public void run() {
                                if (System.getProperty(ENDED) != null) {
                                    cancel();
                                }
                            }
                        },
                        50,
                        50);
    }

    /** Its thread is idle, and holds the factory. */
    private void executor() {
        ExecutorService executor = Executors.newCachedThreadPool(task -> daemon(task, "leaky-executor"));
        executor.execute(() -> executors.add(executor));
    }

    private static final class Own extends Thread {

        Own() {
            super("leaky-subclass");
            setDaemon(true);
        }

        @Override
        public void run() {
            while (System.getProperty(ENDED) == null) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }
}
