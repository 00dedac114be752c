package io.cardea.core.connection;

import io.cardea.core.vault.MemoryStore;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store in which a test can let something happen between a caller's look and its next step. */
final class HookedStore implements VaultStore {

    /** What happens. */
    interface Hook {
        void run() throws IOException;
    }

    private final MemoryStore records = new MemoryStore();
    private Optional<Hook> afterRead = Optional.empty();
    private Optional<Hook> beforeWrite = Optional.empty();
    private volatile boolean full;

    /** Another store with the same records. */
    HookedStore copy() {
        HookedStore copy = new HookedStore();
        records.list().forEach(key -> records.read(key).ifPresent(copy.records::write));
        return copy;
    }

    /** From now on each write fails, or none. */
    void full(boolean isFull) {
        full = isFull;
    }

    /** Once, when the next record has been read and its reader has not got it yet. */
    void afterNextRead(Hook hook) {
        afterRead = Optional.of(hook);
    }

    /** Once, before the next record is written. */
    void beforeNextWrite(Hook hook) {
        beforeWrite = Optional.of(hook);
    }

    @Override
    public Optional<VaultRecord> read(ConnectionKey key) throws IOException {
        Optional<VaultRecord> record = records.read(key);
        Optional<Hook> hook = afterRead;
        afterRead = Optional.empty();
        if (hook.isPresent()) {
            hook.get().run();
        }
        return record;
    }

    @Override
    public boolean write(VaultRecord record) throws IOException {
        Optional<Hook> hook = beforeWrite;
        beforeWrite = Optional.empty();
        if (hook.isPresent()) {
            hook.get().run();
        }
        if (full) {
            throw new IOException("the disk is full");
        }
        return records.write(record);
    }

    @Override
    public boolean reseal(VaultRecord record) {
        return records.reseal(record);
    }

    @Override
    public Optional<Lock> tryLock(ConnectionKey key) {
        return records.tryLock(key);
    }

    @Override
    public Optional<VaultRecord> remove(ConnectionKey key) {
        return records.remove(key);
    }

    @Override
    public List<ConnectionKey> list() {
        return records.list();
    }
}
