package io.cardea.core.configuration;

import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Component;

/**
 * Keeps what a provider is configured with out of its service properties, for any of it may be a secret. Declarative
 * Services publishes what a component is configured with, for every bundle and the shell to read, unless the key begins
 * with a dot (OSGi Compendium, section 112.6); so that is what the keys do once references to secrets have been followed.
 */
@Component(immediate = true, property = ConfigurationPlugin.CM_RANKING + ":Integer=1000")
public final class HiddenSettings implements ConfigurationPlugin {

    private static final String PROVIDERS = "io.cardea.provider";
    // What frameworks read, and what is hidden already.
    private static final List<String> VISIBLE =
            List.of("service", "component", "felix", "osgi", "objectClass", ":", ".");

    static boolean isProviders(@Nullable Object pid) {
        return String.valueOf(pid).startsWith(PROVIDERS);
    }

    private static boolean isVisible(String key) {
        for (String start : VISIBLE) {
            if (key.startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void modifyConfiguration(@Nullable ServiceReference<?> reference, Dictionary<String, Object> properties) {
        if (isProviders(properties.get(Constants.SERVICE_PID))) {
            for (String key : Collections.list(properties.keys())) {
                if (!isVisible(key)) {
                    properties.put("." + key, properties.remove(key));
                }
            }
        }
    }
}
