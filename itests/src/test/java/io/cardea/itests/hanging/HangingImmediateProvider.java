package io.cardea.itests.hanging;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The same, which Declarative Services activate at once instead of when it is needed. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.hanging-immediate", immediate = true)
public final class HangingImmediateProvider extends StandardProvider {

    @Activate
    public HangingImmediateProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("hanging-immediate")
                .authorizationEndpoint("https://hanging-immediate.example/authorize")
                .tokenEndpoint("https://hanging-immediate.example/token")
                .set("client_id", "cardea-at-hanging-immediate")
                .build());
        Hang.asConfigured(configuration);
    }
}
