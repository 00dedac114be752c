package io.cardea.itests.faulty;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** A provider whose name cannot stand in a URL. */
@Component(service = OAuthProvider.class)
public final class IllegallyNamedProvider extends StandardProvider {

    @Activate
    public IllegallyNamedProvider() {
        super(ProviderDefinition.named("Not A Name!")
                .authorizationEndpoint("https://acme.example/authorize")
                .tokenEndpoint("https://acme.example/token")
                .build());
    }
}
