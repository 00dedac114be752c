package io.cardea.core.vault;

import io.cardea.core.seal.Sealer;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections at rest: written as JSON, sealed for their place, handed to the store. The key lives as long as the
 * process.
 */
@Component(service = Vault.class)
public final class Vault {

    private static final Logger LOG = LoggerFactory.getLogger(Vault.class);
    private final VaultStore store;
    private final Sealer sealer = Sealer.withRandomKey();

    @Activate
    public Vault(@Reference(policyOption = ReferencePolicyOption.GREEDY) VaultStore store) {
        this.store = store;
    }

    /** The connection; absent when there is none. */
    public Optional<StoredConnection> read(ConnectionKey key) {
        try {
            return store.read(key).map(this::open);
        } catch (IOException e) {
            throw broken(key, "read", e);
        }
    }

    /** Writes a connection, if its version follows the stored one; see {@link VaultStore#write}. */
    public boolean write(StoredConnection connection) {
        try {
            byte[] plain = ConnectionJson.write(connection);
            byte[] sealed = sealer.seal(plain, place(connection.key(), connection.version()));
            return store.write(new VaultRecord(connection.key(), connection.version(), sealed));
        } catch (IOException e) {
            throw broken(connection.key(), "written", e);
        }
    }

    /** How often a connection was written; 0 where there is none. Known also of one that cannot be opened. */
    public long version(ConnectionKey key) {
        try {
            return store.read(key).map(VaultRecord::version).orElse(0L);
        } catch (IOException e) {
            throw broken(key, "read", e);
        }
    }

    /** Forgets a connection, and tells what it was; absent also when it could not be opened. */
    public Optional<StoredConnection> remove(ConnectionKey key) {
        try {
            return store.remove(key).flatMap(this::openOrPassOver);
        } catch (IOException e) {
            throw broken(key, "removed", e);
        }
    }

    /** All connections, by provider and name, but for those that cannot be opened. */
    public List<StoredConnection> list() {
        List<ConnectionKey> keys;
        try {
            keys = store.list();
        } catch (IOException e) {
            throw new OAuthException(
                    OAuthError.SERVER_ERROR, Optional.empty(), "The vault cannot be read; the log has the details", e);
        }
        List<StoredConnection> connections = new ArrayList<>();
        keys.stream()
                .sorted(Comparator.comparing(ConnectionKey::provider).thenComparing(ConnectionKey::connection))
                .forEach(key -> record(key).flatMap(this::openOrPassOver).ifPresent(connections::add));
        return connections;
    }

    private Optional<VaultRecord> record(ConnectionKey key) {
        try {
            return store.read(key);
        } catch (IOException e) {
            LOG.warn("The credential {} cannot be read", key, e);
            return Optional.empty();
        }
    }

    /** One damaged record costs its own connection and no other. */
    private Optional<StoredConnection> openOrPassOver(VaultRecord record) {
        try {
            return Optional.of(open(record));
        } catch (OAuthException damaged) {
            LOG.warn("The credential {} cannot be opened and is passed over", record.key(), damaged.getCause());
            return Optional.empty();
        }
    }

    private StoredConnection open(VaultRecord record) {
        byte[] plain = sealer.open(record.content(), place(record.key(), record.version()))
                .orElseThrow(() -> broken(record.key(), "opened", new IOException("the seal is broken")));
        try {
            return ConnectionJson.read(record.key(), record.version(), plain);
        } catch (IOException e) {
            throw broken(record.key(), "opened", new IOException("the record is no connection"));
        }
    }

    private static String place(ConnectionKey key, long version) {
        return "connection 1 " + key.provider() + " " + key.connection() + " " + version;
    }

    private static OAuthException broken(ConnectionKey key, String what, IOException cause) {
        return new OAuthException(
                OAuthError.SERVER_ERROR,
                Optional.of(key.provider()),
                "The credential " + key + " cannot be " + what + "; the log has the details",
                cause);
    }
}
