package io.cardea.core.configuration;

import io.cardea.oauth.provider.ProviderDefinition;
import java.util.Dictionary;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of secrets that are written out in a configuration; runs before references to secrets are followed. */
@Component(
        // Else it would be made anew for each configuration, and would not know what it has told.
        immediate = true,
        property = ConfigurationPlugin.CM_RANKING + ":Integer=100")
public final class WrittenSecrets implements ConfigurationPlugin {

    private static final Logger LOG = LoggerFactory.getLogger(WrittenSecrets.class);
    private static final List<String> SECRETS = List.of("client_secret", "private_key");

    // Plugins are called for every bundle that a configuration is given to; once is enough to tell.
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    @Override
    public void modifyConfiguration(@Nullable ServiceReference<?> reference, Dictionary<String, Object> properties) {
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        if (!HiddenSettings.isProviders(pid)) {
            return;
        }
        for (String key : SECRETS) {
            Object value = properties.get(key);
            if (value == null || String.valueOf(value).startsWith("$[")) {
                told.remove(pid + key);
            } else if (told.add(pid + key)) {
                LOG.warn(
                        "{} is written out in {}. Better put it into a file of its own, conf/secrets/<name>, and write"
                                + " {} = $[secret:<name>]",
                        key,
                        Objects.requireNonNullElse(properties.get(ProviderDefinition.FILE), pid),
                        key);
            }
        }
    }
}
