package io.cardea.oauth.vault;

import io.cardea.oauth.ConnectionKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where sealed records rest. The files of {@code data/vault} are used unless a configuration chooses another store: publish
 * yours as an OSGi service with the property {@link #NAME}, and write {@code store.target=(cardea.vault.store=<its name>)}
 * under {@link #PID}. Cardea waits for the chosen store and never takes another in its place. Called by many threads. A method returns only when what it says is durable. One that throws has changed nothing
 * that {@link #read} would tell; whether a write that failed is there after a restart, nobody knows.
 */
@ConsumerType
public interface VaultStore {

    /** The service property that names a store, such as {@code file}. */
    String NAME = "cardea.vault.store";

    /** The configuration that chooses a store. */
    String PID = "io.cardea.vault";

    /** The record under this key; absent when there is none. */
    Optional<VaultRecord> read(ConnectionKey key) throws IOException;

    /**
     * Writes a record if nobody else did since it was read.
     *
     * @param record its version must be the stored one's plus 1; where there is none it can be any
     * @return false, and nothing is changed, when the versions do not fit
     */
    boolean write(VaultRecord record) throws IOException;

    /**
     * Writes a record in place of the one with the same version: the same credential, sealed with another key.
     *
     * @return false, and nothing is changed, when another version is there, or none
     */
    boolean reseal(VaultRecord record) throws IOException;

    /** Removes whatever is under this key, and tells what it was. */
    Optional<VaultRecord> remove(ConnectionKey key) throws IOException;

    /** The keys of all records, in no order. */
    List<ConnectionKey> list() throws IOException;

    /**
     * Takes the right to renew the credential under this key, which one at a time has among all processes that share the
     * store. Never waits. A store that other processes use, too, must let go of the locks of a process that has died.
     *
     * @return absent when somebody else has it
     */
    Optional<Lock> tryLock(ConnectionKey key) throws IOException;

    /** The right to renew a credential. */
    interface Lock extends AutoCloseable {

        /** Gives it back. */
        @Override
        void close();
    }
}
