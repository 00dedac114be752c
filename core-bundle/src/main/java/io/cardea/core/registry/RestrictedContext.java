package io.cardea.core.registry;

import io.cardea.core.discovery.Discovery;
import io.cardea.core.outbound.Hosts;
import io.cardea.core.outbound.OutboundException;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One provider's way out: only to the hosts that it names, and its answers are looked at on its own threads. */
public final class RestrictedContext implements ProviderContext {

    private static final Logger LOG = LoggerFactory.getLogger(RestrictedContext.class);

    private final ProviderContext shared;
    private final Set<String> allowedHosts;
    private final Executor threads;
    private final Resolver resolver;
    private final Discovery discovery;

    /** Looks up a name, while the caller waits. */
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * @param shared the way out for all providers
     * @param allowedHosts see {@link io.cardea.oauth.provider.OAuthProvider#allowedHosts()}; empty for any
     * @param threads the provider's own
     */
    public RestrictedContext(ProviderContext shared, Set<String> allowedHosts, Executor threads) {
        this(shared, allowedHosts, threads, InetAddress::getAllByName);
    }

    RestrictedContext(ProviderContext shared, Set<String> allowedHosts, Executor threads, Resolver resolver) {
        this.shared = shared;
        this.resolver = resolver;
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
        // Whoever listed a host has said that it is trusted, wherever it is.
        boolean listed = !allowedHosts.isEmpty();
        CompletionStage<HttpResponse<byte[]>> answer = listed || !discovery.hasNamed(host)
                ? shared.send(request)
                : CompletableFuture.runAsync(() -> requireOutside(host), threads)
                        .thenCompose(outside -> shared.send(request));
        return answer.whenCompleteAsync((response, thrown) -> {}, threads);
    }

    /**
     * A document that is fetched may give a public name to an address in here. The JDK keeps what it looks up for half a
     * minute, so the connection that follows goes where this has looked; should a name change just then, a certificate
     * must still be valid for it.
     */
    private void requireOutside(String host) {
        try {
            if (Arrays.stream(resolver.addresses(host)).anyMatch(Hosts::isInternal)) {
                String why = host + " is named by the issuer's metadata and leads to an internal address; if that is"
                        + " meant, list it in allowed_hosts";
                LOG.warn("{}", why);
                throw new ProviderException(ProviderException.PROVIDER_ERROR, why);
            }
        } catch (UnknownHostException e) {
            // Then nothing connects either, unless a proxy knows the name.
        }
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
