package io.cardea.http;

import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.Logins;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Core as the endpoints see it: remembers what it was asked, and answers at once. */
final class RecordedLogins implements Logins {

    final List<LoginRequest> begun = new ArrayList<>();
    final List<LoginCallback> completed = new ArrayList<>();
    Optional<String> returnTo = Optional.empty();
    Optional<String> redirectUri = Optional.empty();

    @Override
    public CompletionStage<BegunLogin> begin(LoginRequest request) {
        begun.add(request);
        return CompletableFuture.completedFuture(new BegunLogin(
                "https://as.example/authorize?state=s",
                redirectUri.orElse(request.redirectUri()),
                "id1",
                "sealed",
                Duration.ofSeconds(300)));
    }

    @Override
    public CompletionStage<CompletedLogin> complete(LoginCallback callback) {
        completed.add(callback);
        Connection connection = new Connection(
                new ConnectionKey("acme", "default"),
                ConnectionState.ACTIVE,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("ada@example.org"),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                "0123456789abcdef");
        return CompletableFuture.completedFuture(new CompletedLogin("id1", connection, returnTo));
    }
}
