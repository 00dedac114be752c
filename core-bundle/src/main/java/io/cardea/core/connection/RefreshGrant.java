package io.cardea.core.connection;

import io.cardea.core.registry.ServingProvider;
import io.cardea.core.thread.Failures;
import io.cardea.core.vault.RefreshAttempt;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uses a refresh token (RFC 6749, section 6).
 *
 * <p>That it begins is written before the request is sent, and what it brought before anybody gets it. So whoever finds an
 * attempt that another process began knows that the outcome is in doubt: the refresh token may be spent. It is sent once
 * more, which is written first, too; unless that brings a token, a person must log in again.
 */
final class RefreshGrant {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshGrant.class);
    // What the server has not looked at it has not spent either.
    private static final Set<String> UNTOUCHED =
            // A client is authenticated first (RFC 6749, section 3.2.1).
            Set.of(ProviderException.UNREACHABLE, ProviderException.TEMPORARILY_UNAVAILABLE, "invalid_client");

    private final ConnectionRecords records;
    private final Outcomes outcomes;
    private final InstantSource clock;
    private final String process = UUID.randomUUID().toString();

    RefreshGrant(ConnectionRecords records, Outcomes outcomes, InstantSource clock) {
        this.records = records;
        this.outcomes = outcomes;
        this.clock = clock;
    }

    /** A refresh token that is sent, in doubt or not. */
    private record Attempt(
            ServingProvider provider, ServerMetadata server, StoredConnection before, StoredConnection begun) {

        boolean isInDoubt() {
            return begun.attempt().filter(RefreshAttempt::inDoubt).isPresent();
        }

        /** An answer that brought another refresh token has spent this one. */
        boolean isSpentBy(Credential answer) {
            return answer.refreshToken().isPresent()
                    && !answer.refreshToken().equals(begun.credential().refreshToken());
        }
    }

    /** The connection with what its refresh token brought. */
    CompletableFuture<StoredConnection> use(ServingProvider provider, StoredConnection current) {
        if (current.attempt().filter(RefreshAttempt::inDoubt).isPresent()) {
            LOG.warn("{}: the refresh token was sent twice, and nobody knows what came of it", current.key());
            return CompletableFuture.completedFuture(current).thenApply(this::refused);
        }
        // Before anything is written: a discovery that fails has nothing to do with the refresh token.
        return provider.metadata().thenCompose(server -> begin(provider, server, current));
    }

    private CompletableFuture<StoredConnection> begin(
            ServingProvider provider, ServerMetadata server, StoredConnection current) {
        boolean inDoubt = current.attempt()
                .filter(left -> !left.process().equals(process))
                .isPresent();
        StoredConnection begun = current.attempted(new RefreshAttempt(process, inDoubt));
        if (!records.replace(current, begun)) {
            return CompletableFuture.completedFuture(records.require(current.key()));
        }
        return send(new Attempt(provider, server, current, begun));
    }

    private CompletableFuture<StoredConnection> send(Attempt attempt) {
        // Set by the provider's thread that takes the call or by whoever has waited for one in vain, whichever is
        // first.
        AtomicBoolean decided = new AtomicBoolean();
        Credential credential = attempt.before().credential();
        return attempt.provider()
                .call(
                        "refresh",
                        (service, context) -> decided.compareAndSet(false, true)
                                ? service.refresh(credential, context)
                                : CompletableFuture.failedFuture(new CancellationException()))
                .handle((answer, thrown) -> {
                    if (thrown == null) {
                        return answered(attempt, answer);
                    }
                    Throwable cause = Failures.cause(thrown);
                    boolean neverSent = decided.compareAndSet(false, true);
                    return CompletableFuture.completedFuture(attempt)
                            .thenApply(
                                    failed -> neverSent ? untouched(failed, cause) : refusedOrPassing(failed, cause));
                })
                .thenCompose(outcome -> outcome);
    }

    private CompletableFuture<StoredConnection> answered(Attempt attempt, Credential answer) {
        return SamePerson.require(attempt.provider(), attempt.server(), attempt.begun(), answer)
                .handle((trusted, thrown) -> thrown == null
                        ? accepted(attempt, trusted)
                        : notToBeUsed(attempt, answer, Failures.cause(thrown)));
    }

    private StoredConnection accepted(Attempt attempt, Credential answer) {
        StoredConnection after = attempt.begun().refreshed(answer, clock.instant());
        return outcomes.writeRenewed(attempt.begun(), after)
                ? after
                : records.require(attempt.begun().key());
    }

    private StoredConnection notToBeUsed(Attempt attempt, Credential answer, Throwable why) {
        if (attempt.isInDoubt()) {
            return refused(attempt.begun());
        }
        StoredConnection begun = attempt.begun();
        outcomes.write(begun, attempt.isSpentBy(answer) ? begun.refused() : begun.notRefreshed(Optional.empty()));
        throw inVain(why);
    }

    private StoredConnection refusedOrPassing(Attempt attempt, Throwable cause) {
        Optional<String> error = ServingProvider.errorCode(cause);
        // RFC 6749, section 5.2: this alone ends a credential, unless it was in doubt already. Anything else passes.
        if (error.equals(Optional.of("invalid_grant"))) {
            return refused(attempt.begun());
        }
        if (error.filter(UNTOUCHED::contains).isPresent()) {
            return untouched(attempt, cause);
        }
        if (attempt.isInDoubt()) {
            return refused(attempt.begun());
        }
        outcomes.write(attempt.begun(), attempt.begun().notRefreshed(Optional.empty()));
        throw inVain(cause);
    }

    /** What was in doubt before is so still, and no more. */
    private StoredConnection untouched(Attempt attempt, Throwable cause) {
        outcomes.write(
                attempt.begun(),
                attempt.begun()
                        .notRefreshed(attempt.isInDoubt() ? attempt.before().attempt() : Optional.empty()));
        throw failure(cause);
    }

    /** Ends the credential, unless a login has brought another one meanwhile. */
    private StoredConnection refused(StoredConnection before) {
        if (outcomes.write(before, before.refused())) {
            throw reauthorizationRequired(before);
        }
        return records.require(before.key());
    }

    static OAuthException reauthorizationRequired(StoredConnection ended) {
        return new ReauthorizationRequiredException(
                ended.key(), "The provider no longer honours " + ended.key() + ". Log in again.");
    }

    private static RuntimeException inVain(Throwable cause) {
        return cause instanceof OAuthException known ? new SentInVainException(known) : failure(cause);
    }

    private static RuntimeException failure(Throwable cause) {
        return cause instanceof OAuthException known ? known : new IllegalStateException(cause);
    }
}
