package io.cardea.core.connection;

import io.cardea.core.event.EventLog;
import io.cardea.core.oidc.IdToken;
import io.cardea.core.oidc.IdTokens;
import io.cardea.core.oidc.KeysUnavailableException;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.provider.Credential;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets new access tokens, one at a time for each connection: whoever asks while one is being fetched gets the same. The
 * new credential is stored before anybody sees it.
 */
final class Refresher {

    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);

    private final ProviderRegistry providers;
    private final ConnectionRecords records;
    private final EventLog events;
    private final InstantSource clock;
    private final Map<ConnectionKey, CompletableFuture<StoredConnection>> inFlight = new ConcurrentHashMap<>();

    Refresher(ProviderRegistry providers, ConnectionRecords records, EventLog events, InstantSource clock) {
        this.providers = providers;
        this.records = records;
        this.events = events;
        this.clock = clock;
    }

    /** The connection after a refresh that began now or was under way. */
    CompletableFuture<StoredConnection> refresh(StoredConnection seen) {
        CompletableFuture<StoredConnection> mine = new CompletableFuture<>();
        CompletableFuture<StoredConnection> others = inFlight.putIfAbsent(seen.key(), mine);
        if (others != null) {
            return others.copy();
        }
        begin(seen).whenComplete((refreshed, thrown) -> {
            inFlight.remove(seen.key(), mine);
            if (thrown == null) {
                mine.complete(refreshed);
            } else {
                mine.completeExceptionally(cause(thrown));
            }
        });
        return mine.copy();
    }

    private CompletableFuture<StoredConnection> begin(StoredConnection seen) {
        try {
            // Read again: another refresh may have ended between the caller's look and its turn.
            StoredConnection current = records.require(seen.key());
            return current.version() == seen.version() || current.reauthorizationRequired()
                    ? request(current)
                    : CompletableFuture.completedFuture(current);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<StoredConnection> request(StoredConnection current) {
        if (current.reauthorizationRequired()) {
            throw reauthorizationRequired(current.key());
        }
        if (current.credential().refreshToken().isEmpty()) {
            throw new ReauthorizationRequiredException(
                    current.key(), "The provider granted no refresh token. Log in again.");
        }
        ServingProvider provider = available(current.key());
        return provider.asOne(() -> provider.call(
                                "refresh", (service, context) -> service.refresh(current.credential(), context))
                        .thenCompose(answer -> samePerson(provider, current, answer))
                        .handle((answer, thrown) -> {
                            if (thrown == null) {
                                return replace(current, current.refreshed(answer, clock.instant()), provider);
                            }
                            Throwable cause = cause(thrown);
                            // RFC 6749, section 5.2: this alone ends a credential. Anything else passes.
                            if (ServingProvider.errorCode(cause).equals(Optional.of("invalid_grant"))) {
                                if (records.replace(current, current.refused())) {
                                    throw reauthorizationRequired(current.key());
                                }
                                return records.require(current.key());
                            }
                            throw cause instanceof OAuthException failure ? failure : new IllegalStateException(cause);
                        }))
                .whenComplete((refreshed, thrown) -> {
                    if (thrown != null) {
                        String why = cause(thrown) instanceof OAuthException told
                                ? told.error().code() + ": " + told.getMessage()
                                : OAuthError.SERVER_ERROR.code();
                        events.tell(Event.Type.CONNECTION_FAILED, current.key(), Optional.of(why));
                    }
                });
    }

    /** OpenID Connect Core, section 12.2: whoever vouched for the login must vouch for the same person again. */
    private static CompletableFuture<Credential> samePerson(
            ServingProvider provider, StoredConnection current, Credential answer) {
        Optional<IdToken> before = current.credential().idToken().flatMap(IdTokens::trusted);
        if (answer.idToken().isEmpty() || before.isEmpty()) {
            return CompletableFuture.completedFuture(answer);
        }
        return provider.metadata()
                .thenCompose(server -> provider.idToken(server, answer, Optional.empty(), false))
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
                    // Core,
                    // section 3.1.3.7); of whom they are the old ID token still says.
                    if (cause(thrown).getCause() instanceof KeysUnavailableException) {
                        return withoutIdToken(answer);
                    }
                    throw new CompletionException(cause(thrown));
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

    private StoredConnection replace(StoredConnection before, StoredConnection after, ServingProvider provider) {
        if (records.replace(before, after)) {
            LOG.info("{} is refreshed", after.key());
            events.tell(Event.Type.CONNECTION_REFRESHED, after.key(), Optional.empty());
            return after;
        }
        LOG.info("{} has changed while it was refreshed; the new token is dropped", after.key());
        if (records.find(before.key()).isEmpty()) {
            // Revoked meanwhile. After a new login it stays as it is: some servers end the whole grant with one token.
            ConnectionService.revokeAtProvider(provider, after);
        }
        return records.require(before.key());
    }

    /** The provider of an existing connection; that it has left, or lacks its configuration, is thought to pass. */
    private ServingProvider available(ConnectionKey key) {
        Optional<String> name = Optional.of(key.provider());
        ServingProvider provider;
        try {
            provider = providers.serving(key.provider());
        } catch (OAuthException gone) {
            throw new OAuthException(
                    OAuthError.PROVIDER_UNAVAILABLE, name, "The provider is not here now; deploy its bundle", gone);
        }
        provider.info().unavailable().ifPresent(why -> {
            throw new OAuthException(OAuthError.PROVIDER_UNAVAILABLE, name, why);
        });
        return provider;
    }

    private static OAuthException reauthorizationRequired(ConnectionKey key) {
        return new ReauthorizationRequiredException(key, "The provider no longer honours " + key + ". Log in again.");
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
