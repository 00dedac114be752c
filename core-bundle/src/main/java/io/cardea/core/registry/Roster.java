package io.cardea.core.registry;

import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;

/**
 * The providers that are present, by name. Of several with one name the one with the higher service ranking serves, then
 * the older; the others wait. Read by anybody at any time; changed by one thread at a time.
 */
final class Roster {

    // The one that serves comes first. To change one name costs the same however many there are.
    private final Map<String, List<Present>> byName = new ConcurrentHashMap<>();
    private final Map<ServiceReference<OAuthProvider>, ServingProvider> byService = new HashMap<>();
    private volatile Listing listing = new Listing();

    private record Present(ServiceReference<OAuthProvider> reference, ServingProvider provider) {}

    /** Of one moment; made when somebody asks for it. */
    private static final class Listing {
        volatile Optional<List<RegisteredProvider>> made = Optional.empty();
    }

    Optional<ServingProvider> serving(String name) {
        List<Present> all = byName.get(name);
        return all == null ? Optional.empty() : Optional.of(all.get(0).provider());
    }

    /** All of that name, the one that serves first. */
    List<ServingProvider> all(String name) {
        return byName.getOrDefault(name, List.of()).stream()
                .map(Present::provider)
                .toList();
    }

    /** The first of that name that is wanted; where there is none, the one that serves. */
    Optional<ServingProvider> preferred(String name, Predicate<ServingProvider> wanted) {
        List<Present> all = byName.getOrDefault(name, List.of());
        for (Present present : all) {
            if (wanted.test(present.provider())) {
                return Optional.of(present.provider());
            }
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0).provider());
    }

    Optional<ServingProvider> of(ServiceReference<OAuthProvider> reference) {
        return Optional.ofNullable(byService.get(reference));
    }

    /** The provider of a service, in place of what it said of itself before. */
    void put(ServiceReference<OAuthProvider> reference, ServingProvider provider) {
        String name = provider.info().name();
        ServingProvider before = byService.put(reference, provider);
        // In one step: who keeps its name is not away for a moment.
        byName.compute(name, (same, all) -> with(without(all, reference), new Present(reference, provider)));
        if (before != null && !before.info().name().equals(name)) {
            drop(before, reference);
        }
        listing = new Listing();
    }

    /** A service that has left, or that is turned away now. */
    void remove(ServiceReference<OAuthProvider> reference) {
        ServingProvider gone = byService.remove(reference);
        if (gone != null) {
            drop(gone, reference);
            listing = new Listing();
        }
    }

    private void drop(ServingProvider gone, ServiceReference<OAuthProvider> reference) {
        byName.computeIfPresent(gone.info().name(), (same, all) -> {
            List<Present> others = without(all, reference);
            return others.isEmpty() ? null : others;
        });
    }

    private static List<Present> without(@Nullable List<Present> all, ServiceReference<OAuthProvider> reference) {
        return all == null
                ? List.of()
                : all.stream()
                        .filter(present -> !present.reference().equals(reference))
                        .toList();
    }

    private static List<Present> with(List<Present> others, Present present) {
        List<Present> all = new ArrayList<>(others);
        all.add(present);
        all.sort(Comparator.comparing(Present::reference, Comparator.reverseOrder()));
        return List.copyOf(all);
    }

    /** Those that serve, by name. */
    List<RegisteredProvider> list() {
        Listing current = listing;
        if (current.made.isEmpty()) {
            current.made = Optional.of(byName.values().stream()
                    .map(all -> all.get(0).provider().registered())
                    .sorted(Comparator.comparing(provider -> provider.info().name()))
                    .toList());
        }
        return current.made.orElseThrow();
    }
}
