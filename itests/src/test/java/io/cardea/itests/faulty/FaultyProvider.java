package io.cardea.itests.faulty;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderInfo;
import io.cardea.oauth.provider.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** A provider whose every method fails, but for saying who it is. */
@Component
public final class FaultyProvider implements OAuthProvider {

    @Override
    public ProviderInfo info() {
        return new ProviderInfo(
                "faulty",
                "Faulty",
                "",
                Optional.of("id"),
                List.of(),
                Set.of(Flow.AUTHORIZATION_CODE),
                true,
                true,
                true,
                Optional.empty());
    }

    @Override
    public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
        throw new IllegalStateException("broken on purpose");
    }

    @Override
    public CompletionStage<String> authorizationUrl(AuthorizationRequest request, ProviderContext context) {
        throw new IllegalStateException("broken on purpose");
    }

    @Override
    public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
        throw new IllegalStateException("broken on purpose");
    }
}
