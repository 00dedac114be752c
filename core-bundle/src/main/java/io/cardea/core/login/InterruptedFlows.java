package io.cardea.core.login;

import io.cardea.core.audit.AuditLog;
import io.cardea.core.connection.ConnectionService;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logins in whose last step the process ended. The code may be spent, so it is not sent again; whether there was still
 * time to store what it brought is seen in the vault.
 */
final class InterruptedFlows {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptedFlows.class);

    private final ConnectionService connections;
    private final AuditLog audit;

    InterruptedFlows(ConnectionService connections, AuditLog audit) {
        this.connections = connections;
        this.audit = audit;
    }

    /** Ends a login that was left in its last step; any other stays as it is. */
    void end(FlowTable.Entry left) {
        FlowRecord known = left.record();
        if (known.state() != State.PENDING || known.claimedAt().isEmpty()) {
            return;
        }
        if (isConnectedSince(known.key(), known.claimedAt().get())) {
            left.end(State.COMPLETE, Optional.empty());
            return;
        }
        OAuthException failure = new OAuthException(
                OAuthError.SERVER_ERROR,
                Optional.of(known.key().provider()),
                "Cardea ended while it completed this login. Start again.");
        LOG.warn("A login of {} was being completed when Cardea ended, and has failed", known.key());
        audit.loginFailed(known.key(), failure);
        left.end(State.FAILED, Optional.of(failure));
    }

    /**
     * If another login stored it, that came after this one: had this one come so far, the other would have replaced it, and
     * nobody could tell.
     */
    private boolean isConnectedSince(ConnectionKey key, Instant claimed) {
        try {
            return connections
                    .find(key.provider(), key.connection())
                    .filter(connection -> !connection.createdAt().isBefore(claimed))
                    .isPresent();
        } catch (OAuthException unreadable) {
            return false;
        }
    }
}
