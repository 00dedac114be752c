package io.cardea.core.configuration;

import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import org.osgi.framework.Constants;

/** A provider without code. */
public final class ConfiguredProvider extends StandardProvider {

    /** @param configuration with its PID, after whose tilde the provider's name stands */
    public ConfiguredProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named(name(configuration))
                .configure(configuration)
                .build());
    }

    private static String name(Map<String, Object> configuration) {
        String pid = String.valueOf(configuration.get(Constants.SERVICE_PID));
        return pid.substring(pid.indexOf('~') + 1);
    }
}
