package io.cardea.core.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.event.EventLog;
import io.cardea.core.oidc.IdToken;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.thread.Failures;
import io.cardea.core.vault.StoredConnection;
import io.cardea.core.vault.Vault;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.Connections;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores, hands out and revokes credentials; {@link Refresher} renews them. */
@Component(service = {Connections.class, ConnectionService.class})
public final class ConnectionService implements Connections {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionService.class);

    private final ProviderRegistry providers;
    private final ConnectionRecords records;
    private final EventLog events;
    private final Revocation revocation;
    private final Refresher refresher;
    private final RefreshAhead refreshAhead;
    private final Events.Subscription arrivals;
    private final InstantSource clock;

    @Activate
    public ConnectionService(
            @Reference ProviderRegistry providers, @Reference Vault vault, @Reference EventLog events) {
        this(providers, vault, events, InstantSource.system());
        refreshAhead.start();
    }

    ConnectionService(ProviderRegistry providers, Vault vault, EventLog events, InstantSource clock) {
        this.providers = providers;
        this.records = new ConnectionRecords(vault);
        this.events = events;
        this.revocation = new Revocation(providers);
        this.refresher = new Refresher(providers, records, events, revocation, clock);
        this.refreshAhead = new RefreshAhead(records::find, refresher, clock);
        this.clock = clock;
        this.arrivals = events.subscribe(Events.FROM_NOW, event -> {
            if (event.type() == Event.Type.PROVIDER_ARRIVED) {
                refreshAhead.lookNow();
            }
        });
    }

    /** Renews the tokens that will be asked for; the timer does so every few seconds. */
    void renewAhead() {
        refreshAhead.tick();
    }

    @Deactivate
    void stop() {
        arrivals.close();
        refreshAhead.close();
        refresher.awaitEnd();
    }

    @Override
    public List<Connection> list() {
        return records.list().stream().map(this::seen).toList();
    }

    @Override
    public Optional<Connection> find(String provider, String connection) {
        return records.find(new ConnectionKey(provider, connection)).map(this::seen);
    }

    private Connection seen(StoredConnection stored) {
        return stored.connection(state(stored));
    }

    private ConnectionState state(StoredConnection stored) {
        if (stored.reauthorizationRequired()) {
            return ConnectionState.REAUTHORIZATION_REQUIRED;
        }
        if (refresher.isUnderWay(stored.key())) {
            return ConnectionState.REFRESHING;
        }
        if (!RefreshSchedule.hasEnded(stored, clock.instant())) {
            return ConnectionState.ACTIVE;
        }
        return providers.find(stored.key().provider()).isPresent()
                ? ConnectionState.EXPIRED
                : ConnectionState.PROVIDER_UNAVAILABLE;
    }

    /**
     * Stores what a login brought, in place of what the connection held before.
     *
     * @param idToken what the credential's ID token says, if it has one that is valid
     */
    public CompletableFuture<Connection> connect(
            ServingProvider provider, ConnectionKey key, Credential credential, Optional<IdToken> idToken) {
        return Profiles.ofLogin(provider, credential, idToken)
                .thenApply(person ->
                        store(key, credential, person, provider.plugin()).connection(ConnectionState.ACTIVE));
    }

    /**
     * Stores what another program was granted, in place of what the connection held before. The provider need not be here.
     *
     * @param known whose it is, as far as that program knows; a provider that is here knows better
     */
    public CompletableFuture<Connection> adopt(ConnectionKey key, Credential credential, Profile known) {
        return Profiles.ofImport(providers, key.provider(), credential, known)
                .thenApply(person -> seen(store(key, credential, person, "")));
    }

    private StoredConnection store(ConnectionKey key, Credential credential, Profile person, String plugin) {
        StoredConnection stored = records.put(
                key,
                version -> new StoredConnection(
                        key, version, credential, person, plugin, clock.instant(), Optional.empty(), false));
        refresher.replaced(key);
        LOG.info("{} is connected", key);
        events.tell(Event.Type.CONNECTION_CREATED, key, stored.profile().account());
        return stored;
    }

    @Override
    public CompletionStage<AccessToken> accessToken(String provider, String connection, Duration minTtl) {
        return attempt(() -> {
            Instant now = clock.instant();
            StoredConnection stored = require(provider, connection);
            refreshAhead.used(stored.key(), now);
            if (RefreshSchedule.suffices(stored, now, minTtl)) {
                return CompletableFuture.completedFuture(stored.accessToken(false));
            }
            return refresher
                    .refreshInTime(stored)
                    .exceptionally(thrown -> stillValid(stored, Failures.cause(thrown)))
                    .thenApply(current -> current.accessToken(false));
        });
    }

    /** A token that could not be renewed is good until its end. */
    private StoredConnection stillValid(StoredConnection stored, Throwable failure) {
        if (!RefreshSchedule.hasEnded(stored, clock.instant())
                && records.find(stored.key()).isPresent()) {
            return stored;
        }
        throw failure instanceof RuntimeException known ? known : new CompletionException(failure);
    }

    @Override
    public CompletionStage<AccessToken> refresh(String provider, String connection) {
        return attempt(() ->
                refresher.refresh(require(provider, connection)).thenApply(refreshed -> refreshed.accessToken(false)));
    }

    @Override
    public CompletionStage<AccessToken> refreshWith(String provider, String refreshToken) {
        return attempt(() -> find(provider, stored -> equal(stored.credential().refreshToken(), refreshToken))
                .map(refresher::refresh)
                // One whom the answer did not reach shows the old token again.
                .or(() -> find(provider, stored -> stored.superseded(refreshToken, clock.instant()))
                        .map(refresher::current))
                .orElseThrow(() -> new OAuthException(
                        OAuthError.INVALID_GRANT,
                        Optional.of(provider),
                        "This refresh token belongs to no connection of Cardea"))
                .thenApply(refreshed -> refreshed.accessToken(true)));
    }

    @Override
    public CompletionStage<Void> revoke(String provider, String connection) {
        return attempt(() -> {
            ConnectionKey key = new ConnectionKey(provider, connection);
            try {
                return revoke(key, Optional.of(require(provider, connection)));
            } catch (ReauthorizationRequiredException damaged) {
                return revoke(key, Optional.empty());
            }
        });
    }

    @Override
    public CompletionStage<Void> revokeToken(String provider, String token) {
        return attempt(() -> find(
                        provider,
                        stored -> equal(stored.credential().refreshToken(), token)
                                || equal(Optional.of(stored.credential().accessToken()), token)
                                // It still stands for the grant that it belonged to.
                                || stored.superseded(token, clock.instant()))
                .map(stored -> revoke(stored.key(), Optional.of(stored)))
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    /** @param seen absent when it cannot be opened: it is forgotten all the same */
    private CompletableFuture<Void> revoke(ConnectionKey key, Optional<StoredConnection> seen) {
        // It may have been refreshed since the caller looked.
        Optional<StoredConnection> removed = records.remove(key).or(() -> seen);
        Optional<StoredConnection> stored = refresher.removed(key).or(() -> removed);
        events.tell(Event.Type.CONNECTION_REMOVED, key, Optional.empty());
        return stored.map(revocation::request).orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private StoredConnection require(String provider, String connection) {
        ConnectionKey key = new ConnectionKey(provider, connection);
        Optional<StoredConnection> found = records.find(key);
        if (found.isEmpty()) {
            // A provider that nobody knows is the better answer.
            providers.requireKnown(provider);
            return records.require(key);
        }
        return found.get();
    }

    private Optional<StoredConnection> find(String provider, Predicate<StoredConnection> wanted) {
        Optional<StoredConnection> found = records.list().stream()
                .filter(stored -> stored.key().provider().equals(provider) && wanted.test(stored))
                .findFirst();
        if (found.isEmpty()) {
            providers.requireKnown(provider);
        }
        return found;
    }

    private static boolean equal(Optional<String> stored, String shown) {
        return stored.isPresent() && MessageDigest.isEqual(stored.get().getBytes(UTF_8), shown.getBytes(UTF_8));
    }

    /** Callers of an asynchronous method get every failure from its stage. */
    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> attempt) {
        try {
            return attempt.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
