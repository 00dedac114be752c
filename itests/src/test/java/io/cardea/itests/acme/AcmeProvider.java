package io.cardea.itests.acme;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** A provider as anybody would write it. It is packed into bundles of several versions. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.acme")
public final class AcmeProvider extends StandardProvider {

    @Activate
    public AcmeProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("acme")
                .displayName("Acme")
                .authorizationEndpoint("https://acme.example/authorize")
                .tokenEndpoint("https://acme.example/token")
                .set("client_id", "cardea-at-acme")
                .configure(configuration)
                .build());
    }
}
