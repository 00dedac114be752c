package io.cardea.itests.hanging;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** A provider whose activation hangs when it is configured to. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.hanging")
public final class HangingProvider extends StandardProvider {

    @Activate
    public HangingProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("hanging")
                .authorizationEndpoint("https://hanging.example/authorize")
                .tokenEndpoint("https://hanging.example/token")
                .set("client_id", "cardea-at-hanging")
                .build());
        Hang.asConfigured(configuration);
    }
}
