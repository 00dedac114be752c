package io.cardea.oauth.vault;

import io.cardea.oauth.ConnectionKey;

/** A sealed record under its key. Immutable, as long as nobody writes into the content. */
public final class VaultRecord {

    private final ConnectionKey key;
    private final long version;
    private final byte[] content;

    /**
     * A record.
     *
     * @param version 1 for the first under its key, one more for each later one
     * @param content sealed; a store neither can nor need read it
     */
    public VaultRecord(ConnectionKey key, long version, byte[] content) {
        this.key = key;
        this.version = version;
        this.content = content;
    }

    public ConnectionKey key() {
        return key;
    }

    public long version() {
        return version;
    }

    public byte[] content() {
        return content;
    }

    /** Without the content. */
    @Override
    public String toString() {
        return "VaultRecord[key=" + key + ", version=" + version + "]";
    }
}
