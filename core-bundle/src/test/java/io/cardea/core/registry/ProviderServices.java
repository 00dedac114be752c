package io.cardea.core.registry;

import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.Stages;
import io.cardea.core.outbound.OutboundHttp;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** A registry that is told of the framework's provider services, as Declarative Services tells it. */
public final class ProviderServices implements AutoCloseable {

    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration UPDATE = Duration.ofSeconds(2);
    private static final Duration IMPATIENT = Duration.ofMillis(300);

    private final BundleContext context;
    private volatile Duration call = PATIENT;
    private final EventLog events = new EventLog();
    private final Canaries canaries = new Canaries();
    private final ProviderRegistry registry;
    private final List<ServiceRegistration<OAuthProvider>> published = new ArrayList<>();
    private final ServiceTracker<OAuthProvider, ServiceReference<OAuthProvider>> services;

    /** With more patience than honest providers need on a busy machine; see {@link #impatiently}. */
    public ProviderServices(BundleContext context) {
        this(context, PATIENT, Duration.ofSeconds(10));
    }

    /**
     * For tests with providers that hang.
     *
     * @param admission how long a provider may take to introduce itself
     * @param departure how long one that leaves waits for its calls
     */
    public ProviderServices(BundleContext context, Duration admission, Duration departure) {
        this(context, new OutboundHttp(context), admission, departure);
    }

    /** For tests with a clock of their own. */
    public ProviderServices(BundleContext context, AdjustableClock clock) {
        this(context, new ClockedContext(context, clock), PATIENT, Duration.ofSeconds(10));
    }

    private ProviderServices(BundleContext context, ProviderContext outbound, Duration admission, Duration departure) {
        this.context = context;
        this.registry = new ProviderRegistry(
                context,
                outbound,
                new Patience(admission, new DrainTimeout(departure, () -> false), UPDATE),
                () -> call,
                events,
                canaries);
        this.services = new ServiceTracker<>(context, OAuthProvider.class, new Customizer());
        services.open();
    }

    /** For calls that hang: those that begin meanwhile are given up soon. */
    public void impatiently(Runnable test) {
        impatient(true);
        try {
            test.run();
        } finally {
            impatient(false);
        }
    }

    /** Whether calls that begin from now on are given up soon. */
    public void impatient(boolean soon) {
        call = soon ? IMPATIENT : PATIENT;
    }

    public ProviderRegistry registry() {
        return registry;
    }

    /** What the registry tells, and what else is to be told along with it. */
    public EventLog events() {
        return events;
    }

    Canaries canaries() {
        return canaries;
    }

    /** The provider that serves under a name now. */
    public ServingProvider serving(String name) {
        return Stages.await(registry.call(name, CompletableFuture::completedFuture));
    }

    public ServiceRegistration<OAuthProvider> publish(OAuthProvider provider) {
        return publish(provider, 0);
    }

    public ServiceRegistration<OAuthProvider> publish(OAuthProvider provider, int ranking) {
        return publish(context, provider, ranking);
    }

    public ServiceRegistration<OAuthProvider> publish(Bundle from, OAuthProvider provider, int ranking) {
        return publish(from.getBundleContext(), provider, ranking);
    }

    private ServiceRegistration<OAuthProvider> publish(BundleContext from, OAuthProvider provider, int ranking) {
        ServiceRegistration<OAuthProvider> registration =
                from.registerService(OAuthProvider.class, provider, ranking(ranking));
        published.add(registration);
        return registration;
    }

    public static Dictionary<String, ?> ranking(int ranking) {
        return new Hashtable<>(Map.of(Constants.SERVICE_RANKING, ranking));
    }

    @Override
    public void close() {
        services.close();
        for (ServiceRegistration<OAuthProvider> registration : published) {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                // The test has withdrawn it itself.
                continue;
            }
        }
    }

    /** The real way out, and a clock that the test can move. */
    private record ClockedContext(ProviderContext outbound, InstantSource clock) implements ProviderContext {

        ClockedContext(BundleContext context, InstantSource clock) {
            this(new OutboundHttp(context), clock);
        }

        @Override
        public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
            return outbound.send(request);
        }
    }

    private final class Customizer implements ServiceTrackerCustomizer<OAuthProvider, ServiceReference<OAuthProvider>> {

        @Override
        public ServiceReference<OAuthProvider> addingService(ServiceReference<OAuthProvider> reference) {
            registry.arrived(reference);
            return reference;
        }

        @Override
        public void modifiedService(
                ServiceReference<OAuthProvider> reference, ServiceReference<OAuthProvider> tracked) {
            registry.changed(reference);
        }

        @Override
        public void removedService(ServiceReference<OAuthProvider> reference, ServiceReference<OAuthProvider> tracked) {
            registry.departed(reference);
        }
    }
}
