package io.cardea.itests.leaky.local;

import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Leaves something with the thread that it is called on, which is one of the HTTP server's. */
@Component(service = OAuthProvider.class)
public final class ThreadLocalLeakingProvider extends StandardProvider {

    private static final ThreadLocal<Object> LEFT = new ThreadLocal<>();

    @Activate
    public ThreadLocalLeakingProvider() {
        super(ProviderDefinition.named("leaky-local")
                .authorizationEndpoint("https://leaky.example/authorize")
                .tokenEndpoint("https://leaky.example/token")
                .set("client_id", "cardea")
                .build());
    }

    @Override
    public CompletionStage<String> authorizationUrl(AuthorizationRequest request, ProviderContext context) {
        LEFT.set(this);
        return super.authorizationUrl(request, context);
    }
}
