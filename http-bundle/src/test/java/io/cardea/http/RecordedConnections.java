package io.cardea.http;

import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.Connections;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Remembers what it was asked, and answers at once. */
final class RecordedConnections implements Connections {

    final List<String> asked = new ArrayList<>();
    final List<Connection> stored = new ArrayList<>();
    Optional<Instant> expiresAt = Optional.empty();
    Optional<RuntimeException> failure = Optional.empty();

    /** A connection of which everything is known. */
    static Connection connection(String provider, String connection) {
        return new Connection(
                new ConnectionKey(provider, connection),
                ConnectionState.EXPIRED,
                List.of("email", "repo"),
                Optional.of(Instant.ofEpochMilli(3000)),
                Optional.of("42"),
                Optional.of("Ada"),
                Optional.of("ada@example.org"),
                Optional.of("pro"),
                Instant.ofEpochMilli(1000),
                Optional.of(Instant.ofEpochMilli(2000)),
                "0123456789abcdef");
    }

    private CompletionStage<AccessToken> token(String call, Optional<String> refreshToken) {
        asked.add(call);
        if (failure.isPresent()) {
            return CompletableFuture.failedFuture(failure.get());
        }
        return CompletableFuture.completedFuture(new AccessToken(
                new ConnectionKey("acme", "default"),
                "the-access-token",
                "Bearer",
                expiresAt,
                List.of("email", "repo"),
                refreshToken));
    }

    private CompletionStage<Void> done(String call) {
        asked.add(call);
        return failure.<CompletableFuture<Void>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    @Override
    public List<Connection> list() {
        return List.copyOf(stored);
    }

    @Override
    public Optional<Connection> find(String provider, String connection) {
        return stored.stream()
                .filter(known -> known.key().equals(new ConnectionKey(provider, connection)))
                .findFirst();
    }

    @Override
    public CompletionStage<AccessToken> accessToken(String provider, String connection, Duration minTtl) {
        return token("accessToken " + connection + " " + minTtl, Optional.empty());
    }

    @Override
    public CompletionStage<AccessToken> refresh(String provider, String connection) {
        return token("refresh " + connection, Optional.empty());
    }

    @Override
    public CompletionStage<AccessToken> refreshWith(String provider, String refreshToken) {
        return token("refreshWith " + refreshToken, Optional.of("next"));
    }

    @Override
    public CompletionStage<Void> revoke(String provider, String connection) {
        return done("revoke " + connection);
    }

    @Override
    public CompletionStage<Void> revokeToken(String provider, String token) {
        return done("revokeToken " + token);
    }
}
