package io.cardea.http;

import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
import java.util.List;
import java.util.Optional;

/** The providers that a test says are here. */
final class ListedProviders implements Providers {

    volatile List<RegisteredProvider> here = List.of();

    @Override
    public List<RegisteredProvider> list() {
        return here;
    }

    @Override
    public Optional<RegisteredProvider> find(String name) {
        return here.stream()
                .filter(provider -> provider.info().name().equals(name))
                .findFirst();
    }
}
