package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Connections;
import io.cardea.oauth.NotConnectedException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * What is connected, seen without its tokens: {@code GET /oauth/connections}, {@code GET} and {@code DELETE
 * /oauth/connections/{provider}/{connection}}.
 */
final class ConnectionEndpoints {

    private final Connections connections;
    private final ApiKeyCheck reading;
    private final ApiKeyCheck revoking;

    ConnectionEndpoints(Connections connections, ApiKeyCheck reading, ApiKeyCheck revoking) {
        this.connections = connections;
        this.reading = reading;
        this.revoking = revoking;
    }

    /** Those of one provider, or of all that the caller's key is for. */
    CompletableFuture<Written> list(String nothing, HttpServletRequest request) {
        Predicate<String> mayRead = reading.requireAny(request);
        Optional<String> provider =
                QueryParameters.of(request, Set.of("provider")).get("provider");
        if (!provider.map(ConnectionKey::isProviderName).orElse(true)) {
            throw new Refused(400, "invalid_request", "provider must be a provider's name");
        }
        List<Connection> seen = connections.list().stream()
                .filter(known -> provider.map(known.key().provider()::equals).orElse(true))
                .filter(known -> mayRead.test(known.key().provider()))
                .toList();
        return written(ConnectionJson.of(seen));
    }

    CompletableFuture<Written> one(String named, HttpServletRequest request) {
        reading.require(request, provider(named));
        QueryParameters.of(request, Set.of());
        ConnectionKey key = key(named);
        Connection found =
                connections.find(key.provider(), key.connection()).orElseThrow(() -> new NotConnectedException(key));
        return written(ConnectionJson.of(found));
    }

    CompletableFuture<Written> revoke(String named, HttpServletRequest request) {
        revoking.require(request, provider(named));
        QueryParameters.of(request, Set.of());
        ConnectionKey key = key(named);
        return connections
                .revoke(key.provider(), key.connection())
                .toCompletableFuture()
                .thenApply(nothing -> Answer::nothing);
    }

    private static CompletableFuture<Written> written(byte[] json) {
        return CompletableFuture.completedFuture(response -> Answer.json(response, 200, json));
    }

    private static String provider(String named) {
        return named.substring(0, named.indexOf('/'));
    }

    private static ConnectionKey key(String named) {
        return new ConnectionKey(provider(named), named.substring(named.indexOf('/') + 1));
    }
}
