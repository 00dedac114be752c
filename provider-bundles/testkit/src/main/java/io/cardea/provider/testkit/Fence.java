package io.cardea.provider.testkit;

import io.cardea.core.outbound.OutboundException;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Cardea's own way out, of which only the way to the test's server is open; whoever wants to go elsewhere is remembered. */
final class Fence implements ProviderContext {

    private final ProviderContext way;
    private final URI server;
    private volatile boolean impatient;
    private final List<String> foreign = new CopyOnWriteArrayList<>();

    Fence(ProviderContext way, String server) {
        this.way = way;
        this.server = URI.create(server);
    }

    /** From now on, each request is given up at once, as Cardea gives one up that has waited for too long. */
    void giveUp() {
        impatient = true;
    }

    /** Where requests were to go that nobody had configured. */
    List<String> foreign() {
        return List.copyOf(foreign);
    }

    @Override
    public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
        if (impatient) {
            return CompletableFuture.failedFuture(
                    new OutboundException(ProviderException.PROVIDER_TIMEOUT, "The server did not answer in time"));
        }
        URI uri = request.uri();
        if (String.valueOf(uri.getRawAuthority()).equals(server.getRawAuthority())) {
            return way.send(request);
        }
        String place = uri.getScheme() + "://" + uri.getRawAuthority();
        foreign.add(place);
        return CompletableFuture.failedFuture(
                new OutboundException(ProviderException.UNREACHABLE, place + " is not the test's server"));
    }

    @Override
    public InstantSource clock() {
        return way.clock();
    }
}
