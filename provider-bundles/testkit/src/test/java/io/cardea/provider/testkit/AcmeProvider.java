package io.cardea.provider.testkit;

import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;

/** A provider that keeps the contract, for those that break it to extend. */
class AcmeProvider extends StandardProvider {

    AcmeProvider(Map<String, ?> configuration) {
        super(ProviderDefinition.named("acme")
                .displayName("Acme")
                .description("Everything for coyotes")
                .authorizationEndpoint("https://acme.example/authorize")
                .tokenEndpoint("https://acme.example/token")
                .clientAuth("client_secret_post")
                .scope("openid email")
                .configure(configuration)
                .build());
    }
}
