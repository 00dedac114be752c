package io.cardea.core.registry;

import io.cardea.core.discovery.Discovery;
import io.cardea.core.outbound.Hosts;
import io.cardea.core.outbound.OutboundException;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** One provider's way out: only to the hosts that it names, and its answers are looked at on its own threads. */
final class RestrictedContext implements ProviderContext {

    private final ProviderContext shared;
    private final Set<String> allowedHosts;
    private final Executor threads;
    private final Discovery discovery;

    RestrictedContext(ProviderContext shared, Set<String> allowedHosts, Executor threads) {
        this.shared = shared;
        this.allowedHosts = allowedHosts;
        this.threads = threads;
        this.discovery = new Discovery(allowedHosts, this::send, shared.clock());
    }

    @Override
    public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
        return CopiedRequest.of(request).thenCompose(this::sendCopy);
    }

    private CompletionStage<HttpResponse<byte[]>> sendCopy(HttpRequest request) {
        String host = String.valueOf(request.uri().getHost());
        if (!Hosts.isAllowed(allowedHosts, host)) {
            return CompletableFuture.failedFuture(new OutboundException(
                    ProviderException.PROVIDER_ERROR, host + " is not among the provider's allowed hosts"));
        }
        return shared.send(request).whenCompleteAsync((answer, thrown) -> {}, threads);
    }

    @Override
    public CompletionStage<ServerMetadata> discover(String issuer) {
        return discovery.discover(issuer);
    }

    @Override
    public InstantSource clock() {
        return shared.clock();
    }
}
