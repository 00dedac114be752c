package io.cardea.core.connection;

import io.cardea.core.oidc.IdToken;
import io.cardea.core.oidc.IdTokens;
import io.cardea.core.oidc.KeysUnavailableException;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.thread.Failures;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ServerMetadata;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** OpenID Connect Core, section 12.2: whoever vouched for the login must vouch for the same person at each refresh. */
final class SamePerson {

    private SamePerson() {}

    /** What a refresh brought; fails when it is another person's. */
    static CompletableFuture<Credential> require(
            ServingProvider provider, ServerMetadata server, StoredConnection current, Credential answer) {
        Optional<IdToken> before = current.credential().idToken().flatMap(IdTokens::trusted);
        if (answer.idToken().isEmpty() || before.isEmpty()) {
            return CompletableFuture.completedFuture(answer);
        }
        return provider.idToken(server, answer, Optional.empty(), false)
                .thenApply(after -> {
                    boolean same = after.isEmpty()
                            || (after.get().issuer().equals(before.get().issuer())
                                    && after.get().subject().equals(before.get().subject()));
                    if (!same) {
                        throw new OAuthException(
                                OAuthError.PROVIDER_ERROR,
                                Optional.of(current.key().provider()),
                                "The provider refreshed " + current.key() + " with the ID token of another person");
                    }
                    return answer;
                })
                .exceptionally(thrown -> {
                    // The old refresh token may be spent. Whom the new ones are from, TLS has told (OpenID Connect
                    // Core, section 3.1.3.7); of whom they are the old ID token still says.
                    Throwable cause = Failures.cause(thrown);
                    boolean late =
                            cause instanceof OAuthException failure && failure.error() == OAuthError.PROVIDER_TIMEOUT;
                    if (late || cause.getCause() instanceof KeysUnavailableException) {
                        return withoutIdToken(answer);
                    }
                    throw new CompletionException(cause);
                });
    }

    private static Credential withoutIdToken(Credential answer) {
        return new Credential(
                answer.accessToken(),
                answer.tokenType(),
                answer.expiresAt(),
                answer.refreshToken(),
                Optional.empty(),
                answer.scopes(),
                answer.attributes());
    }
}
