package io.cardea.provider.playground;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.ProviderInfo;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.oauth.provider.StandardProvider;
import io.cardea.provider.playground.server.Endpoints;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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
        super(definition(playground.addresses(), playground.clientSecret()));
        this.problem = playground.problem().or(() -> playground.addresses().problem());
    }

    @Override
    public ProviderInfo info() {
        return problem.map(super.info()::withUnavailable).orElseGet(super::info);
    }

    /** As the server's own metadata says (RFC 9207, section 3). */
    @Override
    public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
        return super.metadata(context).thenApply(ServerMetadata::withIssuerInAuthorizationResponse);
    }

    private static ProviderDefinition definition(Addresses addresses, String clientSecret) {
        Endpoints forCardea = addresses.forCardea();
        // Elsewhere than at https or on this machine the playground is unavailable; only its name matters then.
        Endpoints forBrowsers = addresses.problem().isEmpty() ? addresses.forBrowsers() : forCardea;
        return ProviderDefinition.named("playground")
                .displayName("Playground")
                .description("A small authorization server inside Cardea, to try logins without registering anywhere")
                .issuer(forBrowsers.base())
                .authorizationEndpoint(forBrowsers.authorization())
                .tokenEndpoint(forCardea.token())
                .revocationEndpoint(forCardea.revocation())
                .userinfoEndpoint(forCardea.userinfo())
                .deviceAuthorizationEndpoint(forCardea.deviceAuthorization())
                .set("jwks_uri", forCardea.jwks())
                .set("client_id", Playground.CLIENT_ID)
                .set("client_secret", clientSecret)
                .clientAuth("client_secret_basic")
                .scope("openid profile email")
                .build();
    }
}
