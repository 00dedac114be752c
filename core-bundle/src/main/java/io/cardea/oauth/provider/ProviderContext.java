package io.cardea.oauth.provider;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
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
}
