package io.cardea.core.configuration;

import java.util.Dictionary;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Component;

/**
 * Keeps a provider's secrets out of its service properties. Declarative Services publishes what a component is
 * configured with, for every bundle and the shell to read, unless the key begins with a dot (OSGi Compendium, section
 * 112.6); so that is what the secrets' keys do once their references have been followed.
 */
@Component(property = ConfigurationPlugin.CM_RANKING + ":Integer=1000")
public final class SecretsPlugin implements ConfigurationPlugin {

    private static final String PROVIDERS = "io.cardea.provider";
    private static final List<String> SECRETS = List.of("client_secret", "private_key");

    @Override
    public void modifyConfiguration(@Nullable ServiceReference<?> reference, Dictionary<String, Object> properties) {
        if (!String.valueOf(properties.get(Constants.SERVICE_PID)).startsWith(PROVIDERS)) {
            return;
        }
        for (String key : SECRETS) {
            Object secret = properties.remove(key);
            if (secret != null) {
                properties.put("." + key, secret);
            }
        }
    }
}
