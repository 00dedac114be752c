package io.cardea.core.connection;

import io.cardea.core.event.EventLog;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.thread.Failures;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.vault.VaultStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
 * Gets new access tokens, one at a time for each connection: whoever asks while one is being fetched gets the same. {@link
 * RefreshGrant} sends the request.
 */
final class Refresher {

    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final int LOCK_MILLIS = 200;
    private static final int END_SECONDS = 10;
    private static final int MAX_LOCK_ATTEMPTS = 75;

    private final ProviderRegistry providers;
    private final ConnectionRecords records;
    private final EventLog events;
    private final InstantSource clock;
    private final BackOff backOff = new BackOff();
    private final Outcomes outcomes;
    private final RefreshGrant grant;
    private final Map<ConnectionKey, CompletableFuture<StoredConnection>> inFlight = new ConcurrentHashMap<>();

    Refresher(
            ProviderRegistry providers,
            ConnectionRecords records,
            EventLog events,
            Revocation revocation,
            InstantSource clock) {
        this.providers = providers;
        this.records = records;
        this.events = events;
        this.clock = clock;
        this.outcomes = new Outcomes(records, this::noteSuccess, revocation::request);
        this.grant = new RefreshGrant(records, outcomes, clock);
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
        writeLeftOvers();
    }

    /** Tries again to write what the vault could not take. */
    void writeLeftOvers() {
        outcomes.writeLeftOvers();
    }

    boolean isUnderWay(ConnectionKey key) {
        return inFlight.containsKey(key);
    }

    /** Why it failed the last time, if it is too early to try again. */
    Optional<OAuthException> tooEarly(ConnectionKey key) {
        return tooEarly(key, false);
    }

    private Optional<OAuthException> tooEarly(ConnectionKey key, boolean insists) {
        return backOff.current(key, clock.instant(), insists);
    }

    /** A login has brought another credential. */
    void replaced(ConnectionKey key) {
        removed(key);
    }

    /** The connection is gone; what the provider gave and the vault has not taken yet is told, for it must be revoked. */
    Optional<StoredConnection> removed(ConnectionKey key) {
        backOff.ended(key);
        return outcomes.forget(key);
    }

    /** What a refresh has brought already. */
    CompletableFuture<StoredConnection> current(StoredConnection stored) {
        return stored.reauthorizationRequired()
                ? CompletableFuture.failedFuture(RefreshGrant.reauthorizationRequired(stored))
                : CompletableFuture.completedFuture(stored);
    }

    /** The connection after a refresh, for somebody who can wait: the last failure, where it is too early to try again. */
    CompletableFuture<StoredConnection> refreshInTime(StoredConnection seen) {
        Optional<OAuthException> tooEarly = tooEarly(seen.key());
        return tooEarly.isPresent() ? CompletableFuture.failedFuture(tooEarly.get()) : refresh(seen, false);
    }

    /**
     * The connection after a refresh that began now or was under way, for somebody who insists on it: it is too early only
     * where the last one may have spent the refresh token, or where the server said so.
     */
    CompletableFuture<StoredConnection> refresh(StoredConnection seen) {
        return refresh(seen, true);
    }

    private CompletableFuture<StoredConnection> refresh(StoredConnection seen, boolean insists) {
        CompletableFuture<StoredConnection> mine = new CompletableFuture<>();
        CompletableFuture<StoredConnection> others = inFlight.putIfAbsent(seen.key(), mine);
        if (others != null) {
            return others.copy();
        }
        lockedOrFailed(seen, insists).whenComplete((refreshed, thrown) -> {
            // First: who finds no refresh under way must find how the last one ended.
            Optional<OAuthException> news =
                    thrown == null ? Optional.empty() : noteFailure(seen, Failures.cause(thrown));
            inFlight.remove(seen.key(), mine);
            news.ifPresent(failure -> tell(seen.key(), failure));
            if (thrown == null) {
                mine.complete(refreshed);
            } else {
                mine.completeExceptionally(Failures.cause(thrown));
            }
        });
        return mine.copy();
    }

    private CompletableFuture<StoredConnection> lockedOrFailed(StoredConnection seen, boolean insists) {
        try {
            return locked(seen, insists, MAX_LOCK_ATTEMPTS);
        } catch (Throwable thrown) {
            // An error too: a refresh that never ends would be everybody's who asks from now on.
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /** The failure, if anybody else should hear of it. */
    private Optional<OAuthException> noteFailure(StoredConnection seen, Throwable cause) {
        // Whoever asks for one that had ended before is told so; it is no news to anybody else. One that was revoked
        // meanwhile has not failed.
        if (seen.reauthorizationRequired()
                || !(cause instanceof OAuthException failure)
                || failure.error() == OAuthError.NOT_CONNECTED) {
            return Optional.empty();
        }
        return backOff.failed(seen.key(), failure, clock.instant()) ? Optional.of(failure) : Optional.empty();
    }

    private void tell(ConnectionKey key, OAuthException failure) {
        String why = failure.error().code() + ": " + failure.getMessage();
        events.tell(Event.Type.CONNECTION_FAILED, key, Optional.of(why));
    }

    private void noteSuccess(StoredConnection renewed) {
        backOff.ended(renewed.key());
        LOG.info("{} is refreshed", renewed.key());
        events.tell(Event.Type.CONNECTION_REFRESHED, renewed.key(), Optional.empty());
    }

    /** One process at a time: while another one refreshes, what it brings is waited for. */
    private CompletableFuture<StoredConnection> locked(StoredConnection seen, boolean insists, int attempts) {
        try {
            Optional<VaultStore.Lock> lock = records.tryLock(seen.key());
            if (lock.isPresent()) {
                return begin(seen, insists)
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
        return CompletableFuture.supplyAsync(() -> locked(seen, insists, attempts - 1), later)
                .thenCompose(begun -> begun);
    }

    private CompletableFuture<StoredConnection> begin(StoredConnection seen, boolean insists) {
        try {
            outcomes.writeLeftOver(seen.key());
            // Read again: another refresh may have ended between the caller's look and its turn.
            StoredConnection current = records.require(seen.key());
            if (isRenewed(seen, current) && !current.reauthorizationRequired()) {
                return CompletableFuture.completedFuture(current);
            }
            Optional<OAuthException> tooEarly = tooEarly(seen.key(), insists && current.version() == seen.version());
            return tooEarly.isPresent() ? CompletableFuture.failedFuture(tooEarly.get()) : request(current);
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
            throw RefreshGrant.reauthorizationRequired(current);
        }
        if (current.credential().refreshToken().isEmpty()) {
            throw new ReauthorizationRequiredException(
                    current.key(), "The provider granted no refresh token. Log in again.");
        }
        return providers
                .callSame(current.key().provider(), current.plugin(), provider -> {
                    provider.info().unavailable().ifPresent(why -> {
                        throw unavailable(current.key(), why);
                    });
                    return grant.use(provider, current);
                })
                .exceptionally(thrown -> {
                    Throwable cause = Failures.cause(thrown);
                    if (cause instanceof OAuthException gone && gone.error() == OAuthError.UNKNOWN_PROVIDER) {
                        throw unavailable(current.key(), "The provider is not here now; deploy its bundle");
                    }
                    throw cause instanceof RuntimeException known ? known : new CompletionException(cause);
                });
    }

    /** That a connection's provider has left, or lacks its configuration, is thought to pass. */
    private static OAuthException unavailable(ConnectionKey key, String why) {
        return new OAuthException(OAuthError.PROVIDER_UNAVAILABLE, Optional.of(key.provider()), why);
    }
}
