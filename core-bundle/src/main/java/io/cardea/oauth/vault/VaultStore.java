package io.cardea.oauth.vault;

import io.cardea.oauth.ConnectionKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where sealed records rest: publish one as an OSGi service, and of several the one with the highest service ranking is
 * used. Called by many threads. A method returns only when what it says is durable; one that throws has changed
 * nothing.
 */
@ConsumerType
public interface VaultStore {

    /** The record under this key; absent when there is none. */
    Optional<VaultRecord> read(ConnectionKey key) throws IOException;

    /**
     * Writes a record if nobody else did since it was read.
     *
     * @param record its version must be the stored one's plus 1, or 1 where there is none
     * @return false, and nothing is changed, when the versions do not fit
     */
    boolean write(VaultRecord record) throws IOException;

    /** Removes whatever is under this key, and tells what it was. */
    Optional<VaultRecord> remove(ConnectionKey key) throws IOException;

    /** The keys of all records, in no order. */
    List<ConnectionKey> list() throws IOException;
}
