package io.cardea.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cardea.http.Failure.Refused;
import io.cardea.http.OAuthServlet.Written;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connections;
import java.time.Duration;
import java.time.Instant;
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
        return refreshed.toCompletableFuture().thenApply(token -> response -> Answer.json(response, 200, json(token)));
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

    /** RFC 6749, section 5.1; {@code expires_in} in seconds, {@code expires_at} in epoch milliseconds. */
    private static ObjectNode json(AccessToken token) {
        ObjectNode json = Answer.object();
        json.put("access_token", token.value());
        json.put("token_type", token.tokenType());
        token.expiresAt().ifPresent(end -> {
            json.put(
                    "expires_in",
                    Math.max(0, Duration.between(Instant.now(), end).toSeconds()));
            json.put("expires_at", end.toEpochMilli());
        });
        json.put("scope", String.join(" ", token.scopes()));
        json.put("provider", token.key().provider());
        json.put("connection", token.key().connection());
        token.refreshToken().ifPresent(next -> json.put("refresh_token", next));
        return json;
    }
}
