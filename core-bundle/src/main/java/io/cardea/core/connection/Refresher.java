package io.cardea.core.connection;

import io.cardea.core.event.EventLog;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.thread.Failures;
import io.cardea.core.vault.RefreshAttempt;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.vault.VaultStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets new access tokens, one at a time for each connection: whoever asks while one is being fetched gets the same.
 *
 * <p>That a refresh begins is written before the request is sent, and what it brought before anybody gets it. So whoever
 * finds a refresh that another process began knows that the outcome is in doubt: the refresh token may be spent. It is
 * sent once more, which is written first, too; unless that brings a token, a person must log in again.
 */
final class Refresher {

    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    // What the server has not looked at it has not spent either.
    private static final Set<String> UNTOUCHED =
            // A client is authenticated first (RFC 6749, section 3.2.1).
            Set.of(ProviderException.UNREACHABLE, ProviderException.TEMPORARILY_UNAVAILABLE, "invalid_client");
    private static final int LOCK_MILLIS = 200;
    private static final int END_SECONDS = 10;
    private static final int MAX_LOCK_ATTEMPTS = 75;

    private final ProviderRegistry providers;
    private final ConnectionRecords records;
    private final EventLog events;
    private final InstantSource clock;
    private final BackOff backOff = new BackOff();
    private final String process = UUID.randomUUID().toString();
    private final Map<ConnectionKey, CompletableFuture<StoredConnection>> inFlight = new ConcurrentHashMap<>();
    /** What providers gave and the vault could not take yet, by what it is to replace. */
    private final Map<ConnectionKey, Unwritten> unwritten = new ConcurrentHashMap<>();

    private record Unwritten(StoredConnection before, StoredConnection after) {}

    Refresher(ProviderRegistry providers, ConnectionRecords records, EventLog events, InstantSource clock) {
        this.providers = providers;
        this.records = records;
        this.events = events;
        this.clock = clock;
    }

    /** Waits for what is under way, for a while: what a provider has given must be written before the vault is closed. */
    void awaitEnd() {
        try {
            CompletableFuture.allOf(inFlight.values().toArray(new CompletableFuture<?>[0]))
                    .get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException ended) {
            LOG.debug("A refresh has failed meanwhile", ended);
        } catch (TimeoutException e) {
            LOG.warn("{} refreshes are under way and are left to themselves", inFlight.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many are being fetched. */
    int underWay() {
        return inFlight.size();
    }

    boolean isUnderWay(ConnectionKey key) {
        return inFlight.containsKey(key);
    }

    /** Why it failed the last time, if it is too early to try again. */
    Optional<OAuthException> tooEarly(ConnectionKey key) {
        return backOff.current(key, clock.instant());
    }

    /** A login has brought another credential. */
    void replaced(ConnectionKey key) {
        removed(key);
    }

    /** The connection is gone; what the provider gave and the vault has not taken yet is told, for it must be revoked. */
    Optional<StoredConnection> removed(ConnectionKey key) {
        backOff.ended(key);
        return Optional.ofNullable(unwritten.remove(key)).map(Unwritten::after);
    }

    /** What a refresh has brought already. */
    CompletableFuture<StoredConnection> current(StoredConnection stored) {
        return stored.reauthorizationRequired()
                ? CompletableFuture.failedFuture(reauthorizationRequired(stored.key()))
                : CompletableFuture.completedFuture(stored);
    }

    /** The connection after a refresh that began now or was under way. */
    CompletableFuture<StoredConnection> refresh(StoredConnection seen) {
        CompletableFuture<StoredConnection> mine = new CompletableFuture<>();
        CompletableFuture<StoredConnection> others = inFlight.putIfAbsent(seen.key(), mine);
        if (others != null) {
            return others.copy();
        }
        lockedOrFailed(seen).whenComplete((refreshed, thrown) -> {
            // Whoever asks for one that had ended before is told so; it is no news to anybody else.
            inFlight.remove(seen.key(), mine);
            if (thrown == null) {
                mine.complete(refreshed);
            } else {
                noteFailure(seen, Failures.cause(thrown));
                mine.completeExceptionally(Failures.cause(thrown));
            }
        });
        return mine.copy();
    }

    private CompletableFuture<StoredConnection> lockedOrFailed(StoredConnection seen) {
        try {
            return locked(seen, MAX_LOCK_ATTEMPTS);
        } catch (Throwable thrown) {
            // An error too: a refresh that never ends would be everybody's who asks from now on.
            return CompletableFuture.failedFuture(thrown);
        }
    }

    private void noteFailure(StoredConnection seen, Throwable cause) {
        ConnectionKey key = seen.key();
        // Whoever asks for one that had ended before is told so; it is no news to anybody else. One that was revoked
        // meanwhile has not failed.
        if (seen.reauthorizationRequired()
                || !(cause instanceof OAuthException failure)
                || failure.error() == OAuthError.NOT_CONNECTED) {
            return;
        }
        if (failure.error() == OAuthError.REAUTHORIZATION_REQUIRED) {
            backOff.ended(key);
        } else {
            backOff.failed(key, failure, clock.instant());
        }
        events.tell(
                Event.Type.CONNECTION_FAILED, key, Optional.of(failure.error().code() + ": " + failure.getMessage()));
    }

    /** One process at a time: while another one refreshes, what it brings is waited for. */
    private CompletableFuture<StoredConnection> locked(StoredConnection seen, int attempts) {
        try {
            Optional<VaultStore.Lock> lock = records.tryLock(seen.key());
            if (lock.isPresent()) {
                return begin(seen)
                        .whenComplete((refreshed, thrown) -> lock.get().close());
            }
            StoredConnection current = records.require(seen.key());
            if (isRenewed(seen, current)) {
                return CompletableFuture.completedFuture(current);
            }
            if (attempts == 0) {
                throw new OAuthException(
                        OAuthError.TEMPORARILY_UNAVAILABLE,
                        Optional.of(seen.key().provider()),
                        "Another process refreshes " + seen.key() + " and does not end. Try again.");
            }
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        Executor later = CompletableFuture.delayedExecutor(LOCK_MILLIS, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(() -> locked(seen, attempts - 1), later)
                .thenCompose(begun -> begun);
    }

    private CompletableFuture<StoredConnection> begin(StoredConnection seen) {
        try {
            Unwritten left = unwritten.get(seen.key());
            if (left != null) {
                return CompletableFuture.completedFuture(write(left.before(), left.after()));
            }
            // Read again: another refresh may have ended between the caller's look and its turn.
            StoredConnection current = records.require(seen.key());
            if (isRenewed(seen, current) && !current.reauthorizationRequired()) {
                return CompletableFuture.completedFuture(current);
            }
            Optional<OAuthException> failedMeanwhile =
                    current.version() == seen.version() ? Optional.empty() : tooEarly(seen.key());
            return failedMeanwhile.isPresent()
                    ? CompletableFuture.failedFuture(failedMeanwhile.get())
                    : request(current);
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /** Its version also grows when a refresh was begun, and when it failed. */
    private static boolean isRenewed(StoredConnection seen, StoredConnection current) {
        return !current.credential().equals(seen.credential());
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
        Optional<RefreshAttempt> left = current.attempt();
        boolean othersLeft =
                left.filter(attempt -> !attempt.process().equals(process)).isPresent();
        if (othersLeft && left.get().inDoubt()) {
            LOG.warn(
                    "{}: the refresh token was sent twice, and twice the process ended before it knew more",
                    current.key());
            return CompletableFuture.completedFuture(current).thenApply(this::refused);
        }
        // Before anything is written: a discovery that fails has nothing to do with the refresh token.
        return provider.asOne(
                () -> provider.metadata().thenCompose(server -> send(provider, current, left, othersLeft)));
    }

    private CompletableFuture<StoredConnection> send(
            ServingProvider provider, StoredConnection current, Optional<RefreshAttempt> left, boolean othersLeft) {
        boolean inDoubt = othersLeft || left.filter(RefreshAttempt::inDoubt).isPresent();
        StoredConnection begun = current.attempted(new RefreshAttempt(process, inDoubt));
        if (!records.replace(current, begun)) {
            return CompletableFuture.completedFuture(records.require(current.key()));
        }
        return provider.call("refresh", (service, context) -> service.refresh(current.credential(), context))
                .thenCompose(answer -> SamePerson.require(provider, begun, answer)
                        .exceptionally(thrown -> {
                            throw refusedAnswer(begun, answer, Failures.cause(thrown));
                        }))
                .handle((answer, thrown) -> thrown == null
                        ? accepted(begun, answer, provider)
                        : failed(begun, left, Failures.cause(thrown)));
    }

    /** An answer that is not to be used has spent the refresh token all the same, if it brought another. */
    private CompletionException refusedAnswer(StoredConnection begun, Credential answer, Throwable why) {
        if (answer.refreshToken().isPresent()
                && !answer.refreshToken().equals(begun.credential().refreshToken())) {
            records.replace(begun, begun.refused());
        }
        return new CompletionException(why);
    }

    private StoredConnection accepted(StoredConnection begun, Credential answer, ServingProvider provider) {
        StoredConnection after = begun.refreshed(answer, clock.instant());
        try {
            if (records.replace(begun, after)) {
                return told(after);
            }
        } catch (RuntimeException full) {
            // The provider has forgotten the old token: this is the only copy of the new one.
            unwritten.put(begun.key(), new Unwritten(begun, after));
            LOG.error("{} is refreshed but cannot be written; it is kept in memory and tried again", begun.key());
            throw full;
        }
        LOG.info("{} has changed while it was refreshed; the new token is dropped", after.key());
        if (records.find(begun.key()).isEmpty()) {
            // Revoked meanwhile. After a new login it stays as it is: some servers end the whole grant with one token.
            ConnectionService.revokeAtProvider(provider, after);
        }
        return records.require(begun.key());
    }

    /** Tries again to write what the vault could not take. */
    void writeLeftOvers() {
        unwritten.values().stream()
                .map(Unwritten::before)
                .filter(before -> tooEarly(before.key()).isEmpty())
                .forEach(this::refresh);
    }

    /** Writes what could not be written before. */
    private StoredConnection write(StoredConnection before, StoredConnection after) {
        boolean written = records.replace(before, after);
        unwritten.remove(before.key());
        return written ? told(after) : records.require(before.key());
    }

    private StoredConnection told(StoredConnection after) {
        backOff.ended(after.key());
        LOG.info("{} is refreshed", after.key());
        events.tell(Event.Type.CONNECTION_REFRESHED, after.key(), Optional.empty());
        return after;
    }

    private StoredConnection failed(StoredConnection begun, Optional<RefreshAttempt> left, Throwable cause) {
        Optional<String> error = ServingProvider.errorCode(cause);
        boolean untouched = error.filter(UNTOUCHED::contains).isPresent();
        boolean inDoubt = begun.attempt().filter(RefreshAttempt::inDoubt).isPresent();
        // RFC 6749, section 5.2: this alone ends a credential, unless it was in doubt already. Anything else passes.
        if (error.equals(Optional.of("invalid_grant")) || (inDoubt && !untouched)) {
            return refused(begun);
        }
        records.replace(begun, begun.notRefreshed(inDoubt ? left : Optional.empty()));
        throw cause instanceof OAuthException failure ? failure : new IllegalStateException(cause);
    }

    private StoredConnection refused(StoredConnection before) {
        if (records.replace(before, before.refused())) {
            throw reauthorizationRequired(before.key());
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
}
