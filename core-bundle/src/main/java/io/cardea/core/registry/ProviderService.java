package io.cardea.core.registry;

import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service of a provider, from its registration to its end. To get it activates the provider's component, to unget
 * it deactivates it, and to ask it something calls it: all that runs the provider's code, which may hang. So all that is
 * done in turn, on a thread of its own; the threads that tell of services, which all bundles share, wait for a while.
 */
final class ProviderService {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderService.class);
    // Of Declarative Services.
    private static final String COMPONENT_NAME = "component.name";

    private final BundleContext context;
    private final ServiceReference<OAuthProvider> reference;
    private final Duration longestWait;
    private final String pluginName;
    private final String pluginVersion;
    // It has no code but Cardea's, which does not hang: no thread is needed for it.
    private final boolean isOwn;
    private final DaemonThreads thread = DaemonThreads.inTurn("admission");
    private final CallsInFlight inFlight = new CallsInFlight();
    // Used on that thread alone.
    private Optional<OAuthProvider> provider = Optional.empty();
    private Optional<Thread> busy = Optional.empty();
    private boolean left;

    ProviderService(BundleContext context, ServiceReference<OAuthProvider> reference, Duration longestWait) {
        this.isOwn = isOwn(reference);
        this.context = context;
        this.reference = reference;
        this.longestWait = longestWait;
        // A bundle that stops at this very moment is no longer told.
        Optional<Bundle> bundle = Optional.ofNullable(reference.getBundle());
        this.pluginName = bundle.map(Bundle::getSymbolicName).orElse("a bundle that has gone");
        this.pluginVersion = bundle.map(from -> from.getVersion().toString()).orElse("");
    }

    private static boolean isOwn(ServiceReference<OAuthProvider> reference) {
        Bundle own = FrameworkUtil.getBundle(ProviderService.class);
        return own != null && own.equals(reference.getBundle());
    }

    ServiceReference<OAuthProvider> reference() {
        return reference;
    }

    RegisteredProvider registered(ProviderInfo info) {
        return new RegisteredProvider(info, pluginName, pluginVersion);
    }

    /** Name and version of its bundle. */
    String plugin() {
        return pluginName + " " + pluginVersion;
    }

    /** The calls that are answered by this service, whatever it has said of itself since they began. */
    CallsInFlight inFlight() {
        return inFlight;
    }

    /** Does something when all before it is done, unless the provider has left by then. What takes too long goes on. */
    void inTurn(Runnable step) {
        await(
                () -> {
                    if (begin()) {
                        try {
                            step.run();
                        } finally {
                            end();
                        }
                    }
                },
                "has not come up and said who it is. It is listed when it does");
    }

    /** To be called in turn; absent when the provider's component could not be activated. */
    Optional<OAuthProvider> get() {
        if (provider.isEmpty()) {
            provider = Optional.ofNullable(context.getService(reference));
        }
        return provider;
    }

    /** Whether it leaves although its bundle stays, as when Declarative Services give its component a new configuration. */
    boolean mayBeConfiguredAnew() {
        Bundle bundle = reference.getBundle();
        // Cardea's own are there again before they leave.
        return !isOwn && !hasLeft() && bundle != null && bundle.getState() == Bundle.ACTIVE;
    }

    /** Nothing is done in turn any more. Interrupts what is under way, for it may hang. */
    synchronized void leave() {
        left = true;
        inFlight.close();
        busy.filter(other -> other != Thread.currentThread()).ifPresent(Thread::interrupt);
    }

    synchronized boolean hasLeft() {
        return left;
    }

    /** Returns the service to its bundle, when all before it is done. */
    void release() {
        leave();
        await(
                () -> {
                    if (provider.isPresent()) {
                        provider = Optional.empty();
                        context.ungetService(reference);
                    }
                },
                "has not gone down");
    }

    private synchronized boolean begin() {
        if (left) {
            return false;
        }
        busy = Optional.of(Thread.currentThread());
        return true;
    }

    private synchronized void end() {
        busy = Optional.empty();
    }

    private synchronized boolean isBusyHere() {
        return busy.filter(own -> own == Thread.currentThread()).isPresent();
    }

    private void await(Runnable step, String otherwise) {
        if (isOwn) {
            step.run();
            return;
        }
        CompletableFuture<Void> done = CompletableFuture.runAsync(step, thread);
        if (isBusyHere()) {
            // The provider changes or withdraws its own service while it is asked: that would wait for itself.
            return;
        }
        try {
            done.get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn(
                    "A provider of {} hangs: for {} ms {} {}",
                    plugin(),
                    longestWait.toMillis(),
                    Optional.ofNullable(reference.getProperty(COMPONENT_NAME)).orElse("it"),
                    otherwise);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            LOG.warn("A provider of {} is faulty", plugin(), ProviderFailures.withoutMessage(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
