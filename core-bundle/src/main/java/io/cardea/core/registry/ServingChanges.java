package io.cardea.core.registry;

import io.cardea.core.event.EventLog;
import io.cardea.oauth.Event;
import java.util.Optional;

/** Tells who serves since when, and no longer; one that waits behind another of its name is no event yet. */
record ServingChanges(EventLog events) {

    /** Who serves under a name, before and after something changed. */
    void tell(String name, Optional<ServingProvider> before, Optional<ServingProvider> after) {
        if (before.map(ServingProvider::plugin).equals(after.map(ServingProvider::plugin))) {
            return;
        }
        before.ifPresent(provider -> events.tell(Event.Type.PROVIDER_DEPARTED, name, Optional.of(provider.plugin())));
        after.ifPresent(provider -> {
            String reason = provider.info().unavailable().map(why -> ". " + why).orElse("");
            events.tell(Event.Type.PROVIDER_ARRIVED, name, Optional.of(provider.plugin() + reason));
        });
    }
}
