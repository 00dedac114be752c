package io.cardea.core.deploy;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.provider.OAuthProvider;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * The providers that a bundle publishes, by the names that they give themselves. That a service is there does not say that
 * its component can be activated: so each is asked, which runs the bundle's code.
 */
final class PublishedProviders {

    private static final Duration POLL = Duration.ofMillis(10);
    // After the last service that came, when there are as many as there should be.
    private static final Duration SETTLING = Duration.ofMillis(300);

    private final BundleContext context;
    private final Duration longest;

    /** @param longest how long all that is asked of a bundle may take */
    PublishedProviders(BundleContext context, Duration longest) {
        this.context = context;
        this.longest = longest;
    }

    /** The names; none when the bundle hangs. */
    Set<String> of(Bundle bundle) {
        return ask(bundle, Set.of());
    }

    /** Which of these names a bundle does not bring in time, though its services may take a moment to come. */
    Set<String> missing(Bundle bundle, Set<String> wanted) {
        Set<String> missing = new TreeSet<>(wanted);
        if (!wanted.isEmpty()) {
            missing.removeAll(ask(bundle, wanted));
        }
        return missing;
    }

    private Set<String> ask(Bundle bundle, Set<String> wanted) {
        Set<String> names = new TreeSet<>();
        try {
            new BoundedSteps(longest).run(() -> {
                Set<String> found = await(bundle, wanted);
                synchronized (names) {
                    names.addAll(found);
                }
            });
        } catch (BundleException e) {
            // It hangs, or was uninstalled by somebody else: then it publishes nothing.
            return Set.of();
        }
        synchronized (names) {
            return Set.copyOf(names);
        }
    }

    private Set<String> await(Bundle bundle, Set<String> wanted) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos() - POLL.toNanos() * 2;
        long settled = 0;
        // Each is asked once: one that could not be activated would fail again, and fill the log.
        Map<ServiceReference<?>, Optional<String>> asked = new HashMap<>();
        while (true) {
            int before = asked.size();
            services(bundle).forEach(service -> asked.computeIfAbsent(service, this::name));
            Set<String> names =
                    asked.values().stream().flatMap(Optional::stream).collect(Collectors.toSet());
            long now = System.nanoTime();
            settled = asked.size() > before ? now + SETTLING.toNanos() : settled;
            boolean isAllThatComes = asked.size() >= wanted.size() && now >= settled;
            if (names.containsAll(wanted) || isAllThatComes || now >= end) {
                return names;
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    private static List<ServiceReference<?>> services(Bundle bundle) {
        ServiceReference<?>[] all = bundle.getState() == Bundle.UNINSTALLED ? null : bundle.getRegisteredServices();
        return all == null
                ? List.of()
                : Arrays.stream(all)
                        .filter(service -> Arrays.asList((String[]) service.getProperty(Constants.OBJECTCLASS))
                                .contains(OAuthProvider.class.getName()))
                        .toList();
    }

    private Optional<String> name(ServiceReference<?> service) {
        try {
            return context.getService(service) instanceof OAuthProvider provider
                    ? Optional.of(provider.info().name()).filter(ConnectionKey::isProviderName)
                    : Optional.empty();
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        } finally {
            context.ungetService(service);
        }
    }
}
