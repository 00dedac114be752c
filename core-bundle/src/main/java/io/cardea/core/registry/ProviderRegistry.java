package io.cardea.core.registry;

import io.cardea.core.event.EventLog;
import io.cardea.core.outbound.OutboundHttp;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers that are here: the one place in Cardea whose content changes while it runs. Readers see an immutable
 * snapshot; each arrival, change and departure takes a new one.
 *
 * <p>A provider departs with its service or, if that is earlier, when its bundle begins to stop: a bundle that hangs
 * while it stops serves nobody. One that hangs while it arrives is here as soon as it has said who it is.
 *
 * <p>Of several services with one name the one with the higher service ranking serves, then the older; the others wait
 * and take over when it leaves.
 */
@Component(service = {Providers.class, ProviderRegistry.class})
public final class ProviderRegistry implements Providers, SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderRegistry.class);
    private static final Duration ADMISSION_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Admission admission;
    private final Duration admissionTimeout;
    private final DrainTimeout drainTimeout;
    // Those that have come and not gone, admitted or not.
    private final Map<ServiceReference<OAuthProvider>, ProviderService> services = new ConcurrentHashMap<>();
    private final ServingChanges changes;
    private final Map<ServiceReference<OAuthProvider>, ServingProvider> present = new HashMap<>();
    private volatile Snapshot snapshot = new Snapshot(Map.of(), List.of());

    private record Snapshot(Map<String, ServingProvider> serving, List<RegisteredProvider> listed) {}

    @Activate
    public ProviderRegistry(BundleContext context, @Reference OutboundHttp outbound, @Reference EventLog events) {
        this(
                context,
                outbound,
                ADMISSION_TIMEOUT,
                () -> CALL_TIMEOUT,
                new DrainTimeout(DRAIN_TIMEOUT, () -> isStopping(context)),
                events);
        context.addBundleListener(this);
    }

    ProviderRegistry(
            BundleContext context,
            ProviderContext outbound,
            Duration admissionTimeout,
            Supplier<Duration> callTimeout,
            DrainTimeout drainTimeout,
            EventLog events) {
        this.context = context;
        this.admission = new Admission(outbound, callTimeout);
        this.admissionTimeout = admissionTimeout;
        this.drainTimeout = drainTimeout;
        this.changes = new ServingChanges(events);
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(this);
    }

    private static boolean isStopping(BundleContext context) {
        return context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
    }

    @Override
    public List<RegisteredProvider> list() {
        return snapshot.listed();
    }

    @Override
    public Optional<RegisteredProvider> find(String name) {
        return Optional.ofNullable(snapshot.serving().get(name)).map(ServingProvider::registered);
    }

    /**
     * The provider that serves under a name.
     *
     * @throws OAuthException with {@link OAuthError#UNKNOWN_PROVIDER} when none is here
     */
    public ServingProvider serving(String name) {
        ServingProvider provider = snapshot.serving().get(name);
        if (provider == null) {
            Optional<String> named = ConnectionKey.isProviderName(name) ? Optional.of(name) : Optional.empty();
            throw new OAuthException(
                    OAuthError.UNKNOWN_PROVIDER,
                    named,
                    "There is no provider "
                            + named.map(known -> "called " + known).orElse("of that name")
                            + " here; /oauth/providers lists those that are");
        }
        return provider;
    }

    /** Is told of the service alone: Declarative Services would get it on the thread that tells, which others need. */
    @Reference(
            name = "provider",
            service = OAuthProvider.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "changed",
            unbind = "departed")
    void arrived(ServiceReference<OAuthProvider> reference) {
        ProviderService service = new ProviderService(context, reference, admissionTimeout);
        services.put(reference, service);
        service.inTurn(() -> admit(service));
    }

    /** A provider whose service properties changed may have changed what it says of itself. */
    void changed(ServiceReference<OAuthProvider> reference) {
        Optional.ofNullable(services.get(reference)).ifPresent(service -> service.inTurn(() -> admit(service)));
    }

    /**
     * Returns when the calls that are under way have ended, or at least for a while: as long as this waits, Declarative
     * Services keep the component alive that answers them.
     */
    void departed(ServiceReference<OAuthProvider> reference) {
        Optional.ofNullable(services.remove(reference)).ifPresent(service -> {
            withdraw(service);
            service.release();
        });
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING) {
            services.values().stream()
                    .filter(service ->
                            event.getBundle().equals(service.reference().getBundle()))
                    .forEach(this::withdraw);
        }
    }

    private void admit(ProviderService service) {
        Optional<ServingProvider> admitted = admission.of(service);
        synchronized (present) {
            if (service.hasLeft()) {
                return;
            }
            ServingProvider before = present.remove(service.reference());
            admitted.ifPresent(provider -> present.put(service.reference(), provider));
            takeSnapshot();
            if (before == null) {
                admitted.ifPresent(this::tell);
            }
        }
    }

    private void withdraw(ProviderService service) {
        Optional<ServingProvider> gone;
        Optional<ServingProvider> successor;
        synchronized (present) {
            if (service.hasLeft()) {
                return;
            }
            service.leave();
            gone = Optional.ofNullable(present.remove(service.reference()));
            Optional<ServingProvider> served = gone.filter(this::serves);
            takeSnapshot();
            successor = served.flatMap(provider ->
                    Optional.ofNullable(snapshot.serving().get(provider.info().name())));
        }
        int left = service.inFlight().await(drainTimeout.now());
        if (left > 0) {
            LOG.warn("A provider of {} departs while {} of its calls are under way", service.plugin(), left);
        }
        gone.ifPresent(provider -> LOG.info("Provider {} departed", nameAndBundle(provider)));
        successor.ifPresent(next -> LOG.info("Provider {} serves from now on", nameAndBundle(next)));
    }

    private boolean serves(ServingProvider provider) {
        return snapshot.serving().get(provider.info().name()) == provider;
    }

    private void takeSnapshot() {
        Map<String, ServiceReference<OAuthProvider>> first = new HashMap<>();
        present.forEach((reference, provider) ->
                first.merge(provider.info().name(), reference, (one, other) -> one.compareTo(other) > 0 ? one : other));
        Map<String, ServingProvider> serving = new HashMap<>();
        first.forEach((name, reference) -> serving.put(name, present.get(reference)));
        List<RegisteredProvider> listed = serving.values().stream()
                .map(ServingProvider::registered)
                .sorted(Comparator.comparing(provider -> provider.info().name()))
                .toList();
        Snapshot before = snapshot;
        snapshot = new Snapshot(Map.copyOf(serving), listed);
        changes.tell(before.serving(), snapshot.serving());
    }

    private void tell(ServingProvider newcomer) {
        ServingProvider serving = serving(newcomer.info().name());
        LOG.info(
                "Provider {} arrived{}",
                nameAndBundle(newcomer),
                newcomer.info().unavailable().map(why -> ". " + why).orElse(""));
        present.values().stream()
                .filter(other -> other != serving)
                .filter(other -> serving == newcomer || other == newcomer)
                .filter(other -> other.info().name().equals(newcomer.info().name()))
                .forEach(waiting -> LOG.warn(
                        "Provider {} waits, for {} serves that name: the higher service ranking, then the older"
                                + " service, wins",
                        nameAndBundle(waiting),
                        nameAndBundle(serving)));
    }

    private static String nameAndBundle(ServingProvider provider) {
        RegisteredProvider registered = provider.registered();
        return registered.info().name() + " (" + registered.pluginName() + " " + registered.pluginVersion() + ")";
    }
}
