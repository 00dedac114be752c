package io.cardea.core.deploy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Packed into a bundle that does not come up before it is released. */
public final class HangingActivator implements BundleActivator {

    static final String RELEASED = "cardea.test.hanging.activator.released";

    @Override
    public void start(BundleContext context) {
        while (System.getProperty(RELEASED) == null) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
