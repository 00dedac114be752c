package io.cardea.core.deploy;

import io.cardea.core.thread.DaemonThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleException;

/**
 * The steps of a bundle's life, each on a thread of its own: a bundle that hangs while it starts or stops must not hold up
 * those that come after it.
 */
record BoundedSteps(Duration longest) {

    interface Step {
        void run() throws BundleException, IOException, InterruptedException;
    }

    /** @throws BundleException also when the step takes too long: then it goes on, and nobody waits for it */
    void run(Step step) throws BundleException {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            step.run();
            return true;
        });
        DaemonThreads.thread(task, "deploy").start();
        try {
            task.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new BundleException("it hangs, and is left to itself after " + seconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BundleException told
                    ? told
                    : new BundleException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BundleException("Cardea is stopping", e);
        }
    }

    private String seconds() {
        return Double.toString(longest.toMillis() / 1000.0).replaceFirst("\\.0$", "");
    }
}
