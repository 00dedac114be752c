package io.cardea.core.leak;

import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.provider.OAuthProvider;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names provider bundles that have gone for good, with an update or their end, and left something behind. Threads are
 * looked for twice, a while later. Whatever else may hold a bundle's classes shows when classes that nobody uses are
 * unloaded, and its own are not, twice. The detector itself holds nothing of a bundle.
 */
@Component(
        service = {},
        immediate = true)
public final class LeakDetector implements SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(LeakDetector.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int MAX_PLUGINS = 1000;

    private final BundleContext context;
    private final Framework framework;
    private final long pause;
    private final Collector collector;
    private final Births births;
    private final Inspection inspection;
    private final Executor later;
    // Changed under the lock; those that were updated or are gone, and those that may start again.
    private final Deque<Plugin> plugins = new ArrayDeque<>();
    private boolean isLookDue;
    private boolean isClosed;
    private volatile long lastDeparture = System.nanoTime();

    @Activate
    public LeakDetector(BundleContext context) {
        this(context, PAUSE, new Collector());
    }

    /** @param pause how long one that has gone is left alone before the first look, and between two looks */
    LeakDetector(BundleContext context, Duration pause, Collector collector) {
        this.context = context;
        this.framework = new Framework(context);
        this.pause = pause.toNanos();
        this.collector = collector;
        this.later = CompletableFuture.delayedExecutor(
                this.pause, TimeUnit.NANOSECONDS, DaemonThreads.inTurn("leak-detector"));
        // The JVM has one thread for whatever is delayed, and it may keep the classes of whoever needs it first.
        later.execute(() -> {});
        this.births = new Births();
        this.inspection = new Inspection(births, framework);
        context.addBundleListener(this);
    }

    @Deactivate
    synchronized void close() {
        isClosed = true;
        context.removeBundleListener(this);
    }

    @Reference(
            name = "provider",
            service = OAuthProvider.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "departed")
    void arrived(ServiceReference<OAuthProvider> reference) {
        // What there is to know is known when it leaves.
    }

    /** Its bundle may be about to leave; while this is called, it still has its class loader. */
    void departed(ServiceReference<OAuthProvider> reference) {
        Bundle own = FrameworkUtil.getBundle(LeakDetector.class);
        Optional.ofNullable(reference.getBundle())
                .filter(bundle -> !bundle.equals(own))
                .ifPresent(bundle -> Framework.wiring(bundle).ifPresent(wiring -> remember(bundle, wiring)));
    }

    private void remember(Bundle bundle, BundleWiring wiring) {
        ClassLoader loader = wiring.getClassLoader();
        if (isKnown(loader)) {
            return;
        }
        long id = bundle.getBundleId();
        Plugin plugin = new Plugin(
                id,
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                loader,
                Framework.packages(wiring),
                births.of(id));
        synchronized (this) {
            plugins.removeIf(other -> other.loader().isEmpty());
            if (plugins.size() == MAX_PLUGINS) {
                plugins.removeFirst();
            }
            plugins.addLast(plugin);
        }
    }

    private synchronized boolean isKnown(ClassLoader loader) {
        Optional<Plugin> known =
                plugins.stream().filter(plugin -> plugin.isOf(loader)).findFirst();
        known.ifPresent(Plugin::goOn);
        return known.isPresent();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        long id = event.getBundle().getBundleId();
        switch (event.getType()) {
            case BundleEvent.RESOLVED -> births.resolved(id);
            case BundleEvent.STOPPED -> ended(id);
            case BundleEvent.UNINSTALLED -> {
                births.uninstalled(id);
                left(id);
            }
            case BundleEvent.UPDATED, BundleEvent.UNRESOLVED -> left(id);
            default -> {}
        }
    }

    private synchronized void ended(long id) {
        of(id).forEach(plugin -> plugin.end(Births.now()));
    }

    private synchronized void left(long id) {
        List<Plugin> left = of(id);
        left.forEach(plugin -> {
            plugin.end(Births.now());
            plugin.leave(System.nanoTime());
        });
        if (!left.isEmpty()) {
            lastDeparture = System.nanoTime();
            lookLater();
        }
    }

    private List<Plugin> of(long id) {
        return plugins.stream().filter(plugin -> plugin.bundleId() == id).toList();
    }

    private synchronized void lookLater() {
        if (!isLookDue && !isClosed) {
            isLookDue = true;
            later.execute(this::look);
        }
    }

    private synchronized List<Plugin> known() {
        isLookDue = false;
        plugins.removeIf(plugin -> plugin.loader().isEmpty());
        return isClosed ? List.of() : List.copyOf(plugins);
    }

    private void look() {
        long now = System.nanoTime();
        List<Plugin> known = known();
        try {
            if (inspection.sawUnloading()) {
                collector.came(now);
            }
            List<Plugin> left = known.stream().filter(Plugin::hasLeft).toList();
            List<Plugin> tooEarly =
                    left.stream().filter(plugin -> isTooEarly(plugin, now)).toList();
            List<Plugin> due =
                    left.stream().filter(plugin -> !tooEarly.contains(plugin)).toList();
            boolean suspects = !inspection.look(due, known).isEmpty();
            if (suspects) {
                collector.askUnlessBusy(lastDeparture, now);
            }
            if (suspects || !tooEarly.isEmpty()) {
                lookLater();
            }
        } catch (IllegalStateException e) {
            LOG.debug("The framework stops", e);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Nobody looks for what provider bundles leave behind, until another one leaves", e);
        }
    }

    private boolean isTooEarly(Plugin plugin, long now) {
        return now - plugin.leftAt() < pause || framework.uses(plugin);
    }
}
