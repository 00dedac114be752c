package io.cardea.core.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.event.EventLog;
import io.cardea.core.oidc.IdToken;
import io.cardea.core.registry.PlainText;
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
    private static final int MAX_PROFILE = 256;

    private final ProviderRegistry providers;
    private final ConnectionRecords records;
    private final EventLog events;
    private final Refresher refresher;
    private final LatelyUsed latelyUsed;
    private final Events.Subscription arrivals;
    private final InstantSource clock;

    @Activate
    public ConnectionService(
            @Reference ProviderRegistry providers, @Reference Vault vault, @Reference EventLog events) {
        this(providers, vault, events, InstantSource.system());
        latelyUsed.start();
    }

    ConnectionService(ProviderRegistry providers, Vault vault, EventLog events, InstantSource clock) {
        this.providers = providers;
        this.records = new ConnectionRecords(vault);
        this.events = events;
        this.refresher = new Refresher(providers, records, events, clock);
        this.latelyUsed = new LatelyUsed(records::find, refresher, clock);
        this.clock = clock;
        this.arrivals = events.subscribe(Events.FROM_NOW, event -> {
            if (event.type() == Event.Type.PROVIDER_ARRIVED) {
                latelyUsed.lookNow();
            }
        });
    }

    /** Renews the tokens that will be asked for; the timer does so every few seconds. */
    void renewAhead() {
        latelyUsed.tick();
    }

    @Deactivate
    void stop() {
        arrivals.close();
        latelyUsed.close();
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
        boolean ended = stored.credential()
                .expiresAt()
                .filter(end -> !end.isAfter(clock.instant()))
                .isPresent();
        if (!ended) {
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
        return profile(provider, credential)
                .thenApply(profile -> store(key, credential, person(provider, profile, idToken))
                        .connection(ConnectionState.ACTIVE));
    }

    /**
     * Stores what another program was granted, in place of what the connection held before. The provider need not be here.
     *
     * @param known whose it is, as far as that program knows; a provider that is here knows better
     */
    public CompletableFuture<Connection> adopt(ConnectionKey key, Credential credential, Profile known) {
        CompletableFuture<Profile> told;
        try {
            told = profile(providers.serving(key.provider()), credential);
        } catch (OAuthException absent) {
            told = CompletableFuture.completedFuture(Profile.UNKNOWN);
        }
        return told.thenApply(profile -> seen(store(
                key,
                credential,
                new Profile(
                        profile.subject().or(known::subject).map(ConnectionService::shown),
                        profile.account().or(known::account).map(ConnectionService::shown)))));
    }

    private static CompletableFuture<Profile> profile(ServingProvider provider, Credential credential) {
        return provider.call("profile", (service, context) -> service.profile(credential, context))
                // The login has succeeded; that nobody knows whose it is must not undo it.
                .exceptionally(thrown -> Profile.UNKNOWN);
    }

    private StoredConnection store(ConnectionKey key, Credential credential, Profile person) {
        StoredConnection stored = records.put(
                key,
                version -> new StoredConnection(
                        key, version, credential, person, clock.instant(), Optional.empty(), false));
        refresher.replaced(key);
        LOG.info("{} is connected", key);
        events.tell(Event.Type.CONNECTION_CREATED, key, stored.profile().account());
        return stored;
    }

    /** OpenID Connect Core, section 5.3.2: a userinfo answer about somebody else is another person's. */
    private static Profile person(ServingProvider provider, Profile profile, Optional<IdToken> idToken) {
        Optional<String> vouchedFor = idToken.map(IdToken::subject);
        if (vouchedFor.isPresent() && profile.subject().isPresent() && !vouchedFor.equals(profile.subject())) {
            throw new OAuthException(
                    OAuthError.PROVIDER_ERROR,
                    Optional.of(provider.info().name()),
                    "The provider's userinfo endpoint speaks of another person than its ID token");
        }
        return new Profile(
                vouchedFor.or(profile::subject).map(ConnectionService::shown),
                profile.account().or(() -> idToken.flatMap(IdToken::account)).map(ConnectionService::shown));
    }

    @Override
    public CompletionStage<AccessToken> accessToken(String provider, String connection, Duration minTtl) {
        return attempt(() -> {
            Instant now = clock.instant();
            StoredConnection stored = require(provider, connection);
            latelyUsed.used(stored.key(), now);
            if (lastsFor(stored, now, minTtl)) {
                return CompletableFuture.completedFuture(stored.accessToken(false));
            }
            Optional<OAuthException> tooEarly = refresher.tooEarly(stored.key());
            CompletableFuture<StoredConnection> refreshed =
                    tooEarly.isPresent() ? CompletableFuture.failedFuture(tooEarly.get()) : refresher.refresh(stored);
            return refreshed
                    .exceptionally(thrown -> stillValid(stored, Failures.cause(thrown)))
                    .thenApply(current -> current.accessToken(false));
        });
    }

    /** A token that lives only shortly anyway is renewed when half of its life is over. */
    private static boolean lastsFor(StoredConnection stored, Instant now, Duration minTtl) {
        Optional<Instant> end = stored.credential().expiresAt();
        if (end.isEmpty()) {
            return true;
        }
        if (end.get().isAfter(now.plus(minTtl))) {
            return true;
        }
        Duration left = Duration.between(now, end.get());
        Duration lifetime = Duration.between(stored.grantedAt(), end.get());
        return lifetime.compareTo(minTtl) <= 0 && left.multipliedBy(2).compareTo(lifetime) > 0;
    }

    /** A token that could not be renewed is good until its end. */
    private StoredConnection stillValid(StoredConnection stored, Throwable failure) {
        boolean valid = stored.credential()
                .expiresAt()
                .filter(end -> end.isAfter(clock.instant()))
                .isPresent();
        if (valid && records.find(stored.key()).isPresent()) {
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
        return attempt(() -> revoke(require(provider, connection)));
    }

    @Override
    public CompletionStage<Void> revokeToken(String provider, String token) {
        return attempt(() -> find(
                        provider,
                        stored -> equal(stored.credential().refreshToken(), token)
                                || equal(Optional.of(stored.credential().accessToken()), token)
                                // It still stands for the grant that it belonged to.
                                || stored.superseded(token, clock.instant()))
                .map(this::revoke)
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    private CompletableFuture<Void> revoke(StoredConnection seen) {
        // It may have been refreshed since the caller looked.
        StoredConnection removed = records.remove(seen.key()).orElse(seen);
        StoredConnection stored = refresher.removed(seen.key()).orElse(removed);
        events.tell(Event.Type.CONNECTION_REMOVED, seen.key(), Optional.empty());
        ServingProvider provider;
        try {
            provider = providers.serving(stored.key().provider());
        } catch (OAuthException gone) {
            LOG.warn("{} is forgotten here but was not revoked there: the provider has left", stored.key());
            return CompletableFuture.completedFuture(null);
        }
        return provider.info().supportsRevocation()
                ? revokeAtProvider(provider, stored)
                : CompletableFuture.completedFuture(null);
    }

    /** Asks the provider to revoke what is forgotten here already; that it does not is logged and no failure. */
    static CompletableFuture<Void> revokeAtProvider(ServingProvider provider, StoredConnection stored) {
        return provider.call(
                        "revoke",
                        (service, context) ->
                                service.revoke(stored.credential(), context).thenApply(nothing -> Boolean.TRUE))
                .handle((done, thrown) -> {
                    if (thrown != null) {
                        LOG.warn(
                                "{} is forgotten here but may not be revoked there: {}",
                                stored.key(),
                                thrown.getMessage());
                    }
                    return null;
                });
    }

    private StoredConnection require(String provider, String connection) {
        ConnectionKey key = new ConnectionKey(provider, connection);
        if (records.find(key).isEmpty()) {
            // A provider that nobody knows is the better answer.
            providers.serving(provider);
        }
        return records.require(key);
    }

    private Optional<StoredConnection> find(String provider, Predicate<StoredConnection> wanted) {
        Optional<StoredConnection> found = records.list().stream()
                .filter(stored -> stored.key().provider().equals(provider) && wanted.test(stored))
                .findFirst();
        if (found.isEmpty()) {
            providers.serving(provider);
        }
        return found;
    }

    /** What a server says of a person is shown on a page; it need be neither a book nor a trick. */
    private static String shown(String text) {
        return PlainText.of(text, MAX_PROFILE);
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
