package io.cardea.core.registry;

import io.cardea.core.event.EventLog;
import io.cardea.oauth.Event;
import io.cardea.oauth.RegisteredProvider;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells who serves since when, and no longer; one that waits behind another of its name is no event yet. */
record ServingChanges(EventLog events) {

    /** The providers that serve, by name, before and after something changed. */
    void tell(Map<String, ServingProvider> before, Map<String, ServingProvider> after) {
        before.forEach((name, provider) -> {
            if (!isSamePlugin(provider, after.get(name))) {
                events.tell(Event.Type.PROVIDER_DEPARTED, name, Optional.of(plugin(provider)));
            }
        });
        after.forEach((name, provider) -> {
            if (!isSamePlugin(provider, before.get(name))) {
                String reason =
                        provider.info().unavailable().map(why -> ". " + why).orElse("");
                events.tell(Event.Type.PROVIDER_ARRIVED, name, Optional.of(plugin(provider) + reason));
            }
        });
    }

    private static boolean isSamePlugin(ServingProvider provider, @Nullable ServingProvider other) {
        return other != null && plugin(provider).equals(plugin(other));
    }

    private static String plugin(ServingProvider provider) {
        RegisteredProvider registered = provider.registered();
        return registered.pluginName() + " " + registered.pluginVersion();
    }
}
