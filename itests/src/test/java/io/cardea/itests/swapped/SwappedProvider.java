package io.cardea.itests.swapped;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Logs in to the playground's server as another client; it is replaced by the next version over and over. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.swapped")
public final class SwappedProvider extends StandardProvider {

    @Activate
    public SwappedProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("swapped")
                .displayName("Swapped")
                .authorizationEndpoint("https://swapped.example/authorize")
                .tokenEndpoint("https://swapped.example/token")
                .scope("profile")
                .configure(configuration)
                .build());
    }
}
