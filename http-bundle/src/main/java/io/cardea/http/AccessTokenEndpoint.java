package io.cardea.http;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Connections;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /oauth/{provider}/token}: an access token to be used now, refreshed first where too little of it is left.
 * Programs may ask before each of their own requests, so this is the path that must be quick.
 */
final class AccessTokenEndpoint implements Endpoint {

    private static final Set<String> PARAMETERS = Set.of("connection", "min_ttl");
    private static final long DEFAULT_MIN_TTL = 60;
    private static final long MAX_MIN_TTL = Duration.ofDays(1).toSeconds();

    private final ApiKeyCheck check;
    private final Connections connections;

    AccessTokenEndpoint(ApiKeyCheck check, Connections connections) {
        this.check = check;
        this.connections = connections;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        check.require(request, provider);
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        String connection = query.get("connection").orElse(ConnectionKey.DEFAULT_CONNECTION);
        long minTtl = query.number("min_ttl", 0, MAX_MIN_TTL).orElse(DEFAULT_MIN_TTL);
        return connections
                .accessToken(provider, connection, Duration.ofSeconds(minTtl))
                .toCompletableFuture()
                .thenApply(token -> {
                    byte[] json = TokenJson.of(token);
                    return response -> Answer.json(response, 200, json);
                });
    }
}
