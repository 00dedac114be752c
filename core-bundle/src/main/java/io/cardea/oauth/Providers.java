package io.cardea.oauth;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Who can be logged in to at this moment. Providers come and go while this service stays. */
@ProviderType
public interface Providers {

    /** All providers, by name; the same list object until one comes, goes or changes. */
    List<RegisteredProvider> list();

    /** The provider of that name; absent when none is here. */
    Optional<RegisteredProvider> find(String name);
}
