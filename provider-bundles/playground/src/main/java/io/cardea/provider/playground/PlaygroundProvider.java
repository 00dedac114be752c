package io.cardea.provider.playground;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.ProviderInfo;
import io.cardea.oauth.provider.StandardProvider;
import io.cardea.provider.playground.server.Endpoints;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The playground as a provider: an ordinary one, for its server departs from no RFC. Only the addresses are special:
 * the browser goes by the public URL, Cardea straight to the server.
 */
@Component(service = OAuthProvider.class)
public final class PlaygroundProvider extends StandardProvider {

    private final Optional<String> problem;

    @Activate
    public PlaygroundProvider(@Reference Playground playground) {
        super(definition(playground));
        this.problem = playground.problem();
    }

    @Override
    public ProviderInfo info() {
        ProviderInfo info = super.info();
        return new ProviderInfo(
                info.name(),
                info.displayName(),
                info.description(),
                info.clientId(),
                info.scopes(),
                info.flows(),
                info.supportsPkce(),
                info.supportsRefresh(),
                info.supportsRevocation(),
                problem);
    }

    private static ProviderDefinition definition(Playground playground) {
        Endpoints forBrowsers = playground.addresses().forBrowsers();
        Endpoints forCardea = playground.addresses().forCardea();
        return ProviderDefinition.named("playground")
                .displayName("Playground")
                .description("A small authorization server inside Cardea, to try logins without registering anywhere")
                .issuer(forBrowsers.base())
                .authorizationEndpoint(forBrowsers.authorization())
                .tokenEndpoint(forCardea.token())
                .revocationEndpoint(forCardea.revocation())
                .userinfoEndpoint(forCardea.userinfo())
                .deviceAuthorizationEndpoint(forCardea.deviceAuthorization())
                .set("client_id", Playground.CLIENT_ID)
                .set("client_secret", playground.clientSecret())
                .clientAuth("client_secret_basic")
                .scope("profile email")
                .build();
    }
}
