package io.cardea.core.configuration;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** A provider without code: each configuration {@code io.cardea.provider~name} makes one. */
@Component(
        service = OAuthProvider.class,
        configurationPid = "io.cardea.provider",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfiguredProvider extends StandardProvider {

    @Activate
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
