package io.cardea.oauth.provider;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What Cardea lends a provider for a call: the way out to the authorization server, and the time. Each provider has its
 * own.
 */
@ProviderType
public interface ProviderContext {

    /**
     * Sends a request to the authorization server without blocking. Only https is let through, and http to loopback; no
     * redirect is followed; connecting may take 3 seconds, the whole exchange 10, and the answer may have 1 MiB.
     *
     * @return the answer, whatever its status; fails with a {@link ProviderException} when there is none
     */
    CompletionStage<HttpResponse<byte[]>> send(HttpRequest request);

    /** The clock to reckon expiry with. */
    InstantSource clock();

    /**
     * The metadata that an issuer publishes (OpenID Connect Discovery; RFC 8414), remembered for an hour; a failure, for some seconds. It must
     * name that very issuer; each endpoint must be https and on a host that {@link OAuthProvider#allowedHosts()} allows;
     * a private address is accepted on the issuer's own host alone.
     *
     * @return fails with a {@link ProviderException} when there is no such metadata
     */
    default CompletionStage<ServerMetadata> discover(String issuer) {
        return CompletableFuture.failedFuture(
                new ProviderException(ProviderException.UNSUPPORTED, "this context cannot discover metadata"));
    }
}
