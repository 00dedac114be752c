package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What programs do with connections: {@code POST /oauth/{provider}/refresh} and {@code /revoke}. */
final class ConnectionActions {

    private final Connections connections;

    ConnectionActions(Connections connections) {
        this.connections = connections;
    }

    CompletableFuture<Written> refresh(String provider, Map<String, String> members) {
        requireOne(members, "refresh_token");
        String connection = members.getOrDefault("connection", "");
        CompletionStage<AccessToken> refreshed = connection.isEmpty()
                ? connections.refreshWith(provider, members.getOrDefault("refresh_token", ""))
                : connections.refresh(provider, connection);
        return refreshed
                .toCompletableFuture()
                .thenApply(token -> response -> Answer.json(response, 200, TokenJson.of(token)));
    }

    CompletableFuture<Written> revoke(String provider, Map<String, String> members) {
        requireOne(members, "token");
        String connection = members.getOrDefault("connection", "");
        CompletionStage<Void> revoked = connection.isEmpty()
                ? connections.revokeToken(provider, members.getOrDefault("token", ""))
                : connections.revoke(provider, connection);
        return revoked.toCompletableFuture().thenApply(nothing -> Answer::nothing);
    }

    private static void requireOne(Map<String, String> members, String token) {
        if (members.size() != 1) {
            throw new Refused(400, "invalid_request", "Name either a connection or a " + token);
        }
    }
}
