package io.cardea.core.deploy;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A provider that says who it is and does nothing. */
public final class ScriptedProvider implements OAuthProvider {

    private final String name;

    ScriptedProvider(String name) {
        this.name = name;
    }

    @Override
    public ProviderInfo info() {
        return new ProviderInfo(
                name,
                name,
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
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<String> authorizationUrl(AuthorizationRequest request, ProviderContext context) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
        return new CompletableFuture<>();
    }
}
