package io.cardea.itests.startup;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Throws, or hangs for a while, as its bundle's header {@code Test-Start} says. */
public final class Startup implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        if ("throws".equals(context.getBundle().getHeaders().get("Test-Start"))) {
            throw new IllegalStateException("broken on purpose");
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(20));
    }

    @Override
    public void stop(BundleContext context) {}
}
