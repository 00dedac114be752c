package io.cardea.core.connection;

import io.cardea.core.vault.StoredConnection;
import io.cardea.core.vault.Vault;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.NotConnectedException;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.vault.VaultStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** The vault's records, changed one after the other: what was compared is what is replaced. */
final class ConnectionRecords {

    private static final int STRIPES = 64;

    private final Vault vault;

    // One is held while a record is compared and written, never while a provider is asked.
    private final Object[] stripes = new Object[STRIPES];

    ConnectionRecords(Vault vault) {
        this.vault = vault;
        Arrays.setAll(stripes, i -> new Object());
    }

    private Object writing(ConnectionKey key) {
        return stripes[Math.floorMod(key.hashCode(), STRIPES)];
    }

    List<StoredConnection> list() {
        return vault.list();
    }

    Optional<StoredConnection> find(ConnectionKey key) {
        return vault.read(key);
    }

    /** @throws NotConnectedException when there is none */
    StoredConnection require(ConnectionKey key) {
        return vault.read(key).orElseThrow(() -> new NotConnectedException(key));
    }

    /** Writes a connection in place of whatever its name held before. */
    StoredConnection put(ConnectionKey key, LongFunction<StoredConnection> ofVersion) {
        synchronized (writing(key)) {
            StoredConnection connection = ofVersion.apply(vault.version(key) + 1);
            write(connection);
            return connection;
        }
    }

    /** Writes {@code after} if {@code before} is what is there; false, and nothing is changed, if it is not. */
    boolean replace(StoredConnection before, StoredConnection after) {
        synchronized (writing(before.key())) {
            if (!vault.read(before.key()).equals(Optional.of(before))) {
                return false;
            }
            write(after);
            return true;
        }
    }

    /** The right to renew a credential; absent while another has it. */
    Optional<VaultStore.Lock> tryLock(ConnectionKey key) {
        return vault.tryLock(key);
    }

    /** Forgets a connection, and tells what it was; absent when it was gone already. */
    Optional<StoredConnection> remove(ConnectionKey key) {
        synchronized (writing(key)) {
            return vault.remove(key);
        }
    }

    private void write(StoredConnection connection) {
        if (!vault.write(connection)) {
            throw new OAuthException(
                    OAuthError.SERVER_ERROR,
                    Optional.of(connection.key().provider()),
                    "Another process wrote " + connection.key() + " at the same time. Try again.");
        }
    }
}
