package io.cardea.core.connection;

import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.ConnectionKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what became of refreshes. What the vault cannot take yet is kept in memory and written later: the provider has
 * forgotten the old token, and nobody could be asked for the new one again.
 */
final class Outcomes {

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

    private final ConnectionRecords records;
    private final Consumer<StoredConnection> renewed;
    private final Consumer<StoredConnection> dropped;
    private final Map<ConnectionKey, Outcome> unwritten = new ConcurrentHashMap<>();

    private record Outcome(StoredConnection before, StoredConnection after, boolean isRenewal) {}

    /**
     * @param renewed is told of each new credential that was written
     * @param dropped is told of each that was not, for its connection has been removed meanwhile
     */
    Outcomes(ConnectionRecords records, Consumer<StoredConnection> renewed, Consumer<StoredConnection> dropped) {
        this.records = records;
        this.renewed = renewed;
        this.dropped = dropped;
    }

    /**
     * Writes what brought no credential in place of {@code before}; false, and nothing is changed, if something else is
     * there now. What cannot be written is kept, whatever is thrown.
     */
    boolean write(StoredConnection before, StoredConnection after) {
        return write(new Outcome(before, after, false));
    }

    /** Writes a new credential as {@link #write} does. */
    boolean writeRenewed(StoredConnection before, StoredConnection after) {
        return write(new Outcome(before, after, true));
    }

    private boolean write(Outcome outcome) {
        ConnectionKey key = outcome.before().key();
        boolean written;
        try {
            written = records.replace(outcome.before(), outcome.after());
        } catch (Throwable full) {
            if (unwritten.put(key, outcome) == null) {
                LOG.error("What became of the refresh of {} cannot be written; it is kept and tried again", key, full);
            }
            throw full;
        }
        unwritten.remove(key, outcome);
        if (outcome.isRenewal()) {
            if (written) {
                renewed.accept(outcome.after());
            } else {
                notWanted(outcome.after());
            }
        }
        return written;
    }

    /** After a new login it stays as it is: some servers end the whole grant with one token. */
    private void notWanted(StoredConnection after) {
        LOG.info("{} has changed while it was refreshed; the new token is dropped", after.key());
        if (records.find(after.key()).isEmpty()) {
            dropped.accept(after);
        }
    }

    /** Tries again to write what is left of a connection's last refresh; fails as long as it cannot be written. */
    void writeLeftOver(ConnectionKey key) {
        @Nullable Outcome left = unwritten.get(key);
        if (left != null) {
            write(left);
        }
    }

    /** Tries again to write all that is left. */
    void writeLeftOvers() {
        unwritten.keySet().forEach(key -> {
            try {
                writeLeftOver(key);
            } catch (RuntimeException full) {
                LOG.debug("{} still cannot be written", key, full);
            }
        });
    }

    /** The connection is gone, or another; what was left of it is told. */
    Optional<StoredConnection> forget(ConnectionKey key) {
        return Optional.ofNullable(unwritten.remove(key)).map(Outcome::after);
    }
}
