package io.cardea.core.registry;

import io.cardea.core.event.EventLog;
import io.cardea.core.outbound.OutboundHttp;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
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
 * The one place that knows which providers are here, as they come and go.
 *
 * <p>A provider departs with its service or, if that is earlier, when its bundle begins to stop: a bundle that hangs
 * while it stops serves nobody. One that hangs while it arrives is here as soon as it has said who it is. Calls that are
 * under way keep their bundle for a while; no other begins. Where a provider is about to come back, as in an update,
 * those who ask for it wait in {@link Exchanges}.
 */
@Component(service = {Providers.class, ProviderRegistry.class})
public final class ProviderRegistry implements Providers, SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderRegistry.class);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);
    // A service that leaves while its bundle stays has most likely been configured anew.
    private static final Duration CONFIGURED_ANEW = Duration.ofMillis(200);
    private static final Duration UPDATED = Duration.ofSeconds(30);
    // So long two of one name are taken for an update.
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final BundleContext context;
    private final Admission admission;
    private final Patience patience;
    private final Canaries canaries;
    private final Exchanges exchanges;
    // Those that have come and not gone, admitted or not.
    private final Map<ServiceReference<OAuthProvider>, ProviderService> services = new ConcurrentHashMap<>();
    private final ServingChanges changes;
    // Changed under its own lock.
    private final Roster roster = new Roster();

    /** @param successor who serves in its place from now on; absent where nobody does, or where it did not serve */
    private record Departure(ServingProvider gone, Optional<ServingProvider> successor) {

        String name() {
            return gone.info().name();
        }
    }

    @Activate
    public ProviderRegistry(
            BundleContext context,
            @Reference OutboundHttp outbound,
            @Reference EventLog events,
            @Reference Canaries canaries) {
        this(context, outbound, Patience.configured(context), () -> CALL_TIMEOUT, events, canaries);
        context.addBundleListener(this);
    }

    ProviderRegistry(
            BundleContext context,
            ProviderContext outbound,
            Patience patience,
            Supplier<Duration> callTimeout,
            EventLog events,
            Canaries canaries) {
        Executor continuations = new DaemonThreads("answers");
        this.context = context;
        this.admission = new Admission(outbound, callTimeout, continuations);
        this.patience = patience;
        this.canaries = canaries;
        this.exchanges = new Exchanges(patience.update(), continuations);
        this.changes = new ServingChanges(events);
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(this);
        exchanges.close();
    }

    @Override
    public List<RegisteredProvider> list() {
        return roster.list();
    }

    @Override
    public Optional<RegisteredProvider> find(String name) {
        return roster.serving(name).map(ServingProvider::registered);
    }

    /**
     * That there is a provider of this name, or will be in a moment.
     *
     * @throws OAuthException with {@link OAuthError#UNKNOWN_PROVIDER} when there is none
     */
    public void requireKnown(String name) {
        if (roster.serving(name).isEmpty()
                && !exchanges.isUnderWay(name)
                && roster.serving(name).isEmpty()) {
            throw unknown(name);
        }
    }

    /**
     * Calls the provider that serves under a name, and counts that as one call under way. One that is being updated is
     * waited for.
     *
     * @return fails with {@link OAuthError#UNKNOWN_PROVIDER} when none is here, with {@link
     *     OAuthError#PROVIDER_UNAVAILABLE} when an update takes too long, and as {@code calls} does
     */
    public <T> CompletableFuture<T> call(String name, Function<ServingProvider, CompletableFuture<T>> calls) {
        return call(name, () -> roster.serving(name), calls);
    }

    /** The same for a new login, which may be one of those that try out a newer version. */
    public <T> CompletableFuture<T> callForLogin(
            ConnectionKey key, Function<ServingProvider, CompletableFuture<T>> calls) {
        String name = key.provider();
        boolean isCanary = canaries.take(key);
        return call(name, () -> isCanary ? Canaries.newest(roster.all(name)) : roster.serving(name), calls);
    }

    /** The same for what was begun with a certain {@linkplain ServingProvider#plugin() plugin}, if that is still here. */
    public <T> CompletableFuture<T> callSame(
            String name, String plugin, Function<ServingProvider, CompletableFuture<T>> calls) {
        return call(
                name, () -> roster.preferred(name, provider -> provider.plugin().equals(plugin)), calls);
    }

    private <T> CompletableFuture<T> call(
            String name,
            Supplier<Optional<ServingProvider>> choice,
            Function<ServingProvider, CompletableFuture<T>> calls) {
        while (true) {
            Optional<ServingProvider> chosen = choice.get();
            if (chosen.isPresent()) {
                Optional<CompletableFuture<T>> begun = chosen.get().unlessLeft(() -> calls.apply(chosen.get()));
                if (begun.isPresent()) {
                    return begun.get();
                }
                // It has left at this very moment: look again.
                continue;
            }
            Optional<CompletableFuture<Void>> over = exchanges.over(name);
            if (over.isPresent()) {
                return over.get().thenCompose(back -> call(name, choice, calls));
            }
            if (choice.get().isEmpty()) {
                return CompletableFuture.failedFuture(exchanges.isClosed() ? stopping(name) : unknown(name));
            }
        }
    }

    private static OAuthException stopping(String name) {
        return new OAuthException(
                OAuthError.TEMPORARILY_UNAVAILABLE,
                Optional.of(name),
                "Cardea is being updated, or stops. Try again in a moment.");
    }

    private static OAuthException unknown(String name) {
        Optional<String> named = ConnectionKey.isProviderName(name) ? Optional.of(name) : Optional.empty();
        return new OAuthException(
                OAuthError.UNKNOWN_PROVIDER,
                named,
                "There is no provider "
                        + named.map(known -> "called " + known).orElse("of that name")
                        + " here; /oauth/providers lists those that are");
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
        ProviderService service = new ProviderService(context, reference, patience.admission());
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
            if (service.hasLeft()) {
                // With its bundle, which has waited for its calls.
                service.release();
                return;
            }
            boolean configuredAnew = service.mayBeConfiguredAnew();
            Optional<Departure> departure = withdraw(service, configuredAnew);
            awaitCalls(service, System.nanoTime() + patience.calls().toNanos());
            departure.ifPresent(ProviderRegistry::tell);
            service.release();
            if (configuredAnew) {
                departure.ifPresent(gone -> exchanges.endWithin(gone.name(), CONFIGURED_ANEW));
            }
        });
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() != BundleEvent.STOPPING) {
            return;
        }
        List<ProviderService> leaving = services.values().stream()
                .filter(service -> event.getBundle().equals(service.reference().getBundle()))
                .filter(service -> !service.hasLeft())
                .toList();
        if (leaving.isEmpty()) {
            return;
        }
        boolean update = UpdateUnderWay.onThisThread();
        List<Departure> departures = leaving.stream()
                .flatMap(service -> withdraw(service, update).stream())
                .toList();
        if (update) {
            departures.forEach(departure -> exchanges.endWithin(departure.name(), UPDATED));
        }
        long end = System.nanoTime() + patience.calls().toNanos();
        leaving.forEach(service -> awaitCalls(service, end));
        departures.forEach(ProviderRegistry::tell);
    }

    private void admit(ProviderService service) {
        Optional<ServingProvider> admitted = admission.of(service);
        synchronized (roster) {
            if (service.hasLeft()) {
                return;
            }
            ServiceReference<OAuthProvider> reference = service.reference();
            Optional<ServingProvider> before = roster.of(reference);
            Set<String> names = new TreeSet<>();
            before.ifPresent(provider -> names.add(provider.info().name()));
            admitted.ifPresent(provider -> names.add(provider.info().name()));
            change(
                    names,
                    () -> admitted.ifPresentOrElse(
                            provider -> roster.put(reference, provider), () -> roster.remove(reference)));
            if (before.isEmpty()) {
                admitted.ifPresent(this::tell);
            }
            // Under the lock: it must not be the next one's that ends. Those who wait go on elsewhere.
            admitted.ifPresent(provider -> exchanges.end(provider.info().name()));
        }
    }

    /** @return absent when it had been turned away */
    private Optional<Departure> withdraw(ProviderService service, boolean comesBack) {
        synchronized (roster) {
            Optional<Departure> departure = roster.of(service.reference()).map(gone -> {
                String name = gone.info().name();
                boolean served = roster.serving(name).filter(one -> one == gone).isPresent();
                if (comesBack) {
                    // Before it is away: nobody may find neither.
                    exchanges.begin(name);
                }
                change(Set.of(name), () -> roster.remove(service.reference()));
                Optional<ServingProvider> next = roster.serving(name);
                if (next.isPresent()) {
                    exchanges.end(name);
                }
                return new Departure(gone, next.filter(one -> served));
            });
            service.leave();
            return departure;
        }
    }

    private void change(Set<String> names, Runnable change) {
        Map<String, Optional<ServingProvider>> before = new TreeMap<>();
        names.forEach(name -> before.put(name, roster.serving(name)));
        change.run();
        before.forEach((name, served) -> changes.tell(name, served, roster.serving(name)));
    }

    private static void awaitCalls(ProviderService service, long end) {
        int left = service.inFlight().await(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        if (left > 0) {
            LOG.warn("A provider of {} departs while {} of its calls are under way", service.plugin(), left);
        }
    }

    private static void tell(Departure departure) {
        LOG.info("Provider {} departed", nameAndBundle(departure.gone()));
        departure.successor().ifPresent(next -> LOG.info("Provider {} serves from now on", nameAndBundle(next)));
    }

    private void tell(ServingProvider newcomer) {
        LOG.info(
                "Provider {} arrived{}",
                nameAndBundle(newcomer),
                newcomer.info().unavailable().map(why -> ". " + why).orElse(""));
        String name = newcomer.info().name();
        if (roster.all(name).size() > 1) {
            // One that is being replaced leaves soon.
            LATER.execute(() -> tellWhoWaits(name));
        }
    }

    private void tellWhoWaits(String name) {
        List<ServingProvider> all = roster.all(name);
        all.stream()
                .skip(1)
                .forEach(waiting -> LOG.warn(
                        "Provider {} waits, for {} serves that name: the higher service ranking, then the older"
                                + " service, wins",
                        nameAndBundle(waiting),
                        nameAndBundle(all.get(0))));
    }

    private static String nameAndBundle(ServingProvider provider) {
        return provider.info().name() + " (" + provider.plugin() + ")";
    }
}
