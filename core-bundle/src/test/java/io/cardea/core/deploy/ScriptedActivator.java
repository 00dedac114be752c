package io.cardea.core.deploy;

import io.cardea.oauth.provider.OAuthProvider;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** Packed into bundles that publish providers, and do what their headers tell. */
public final class ScriptedActivator implements BundleActivator {

    static final String PROVIDERS = "Test-Providers";
    /** {@code throws}, {@code hangs} until {@link #RELEASED} is set, or {@code late}: the providers come in a moment. */
    static final String START = "Test-Start";
    /** {@code hangs}. */
    static final String STOP = "Test-Stop";
    /** {@code broken}: there are services, but no objects, as with a component that cannot be activated. */
    static final String SERVICES = "Test-Services";

    static final String RELEASED = "cardea.test.scripted.activator.released";

    private static String header(BundleContext context, String name) {
        return Optional.ofNullable(context.getBundle().getHeaders().get(name)).orElse("");
    }

    private static void hang() {
        while (System.getProperty(RELEASED) == null) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void start(BundleContext context) {
        switch (header(context, START)) {
            case "throws" -> throw new IllegalStateException("with a secret in the message");
            case "hangs" -> hang();
            case "late" -> {
                new Thread(() -> {
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                            publish(context);
                        })
                        .start();
                return;
            }
            default -> {}
        }
        publish(context);
    }

    private static void publish(BundleContext context) {
        boolean broken = header(context, SERVICES).equals("broken");
        Arrays.stream(header(context, PROVIDERS).split(","))
                .filter(name -> !name.isEmpty())
                .forEach(name -> {
                    if (broken) {
                        context.registerService(OAuthProvider.class, new Broken(), null);
                    } else {
                        context.registerService(OAuthProvider.class, new ScriptedProvider(name), null);
                    }
                });
    }

    @Override
    public void stop(BundleContext context) {
        if (header(context, STOP).equals("hangs")) {
            hang();
        }
    }

    static final class Broken implements ServiceFactory<OAuthProvider> {

        @Override
        public OAuthProvider getService(Bundle bundle, ServiceRegistration<OAuthProvider> registration) {
            return null;
        }

        @Override
        public void ungetService(
                Bundle bundle, ServiceRegistration<OAuthProvider> registration, OAuthProvider service) {}
    }
}
