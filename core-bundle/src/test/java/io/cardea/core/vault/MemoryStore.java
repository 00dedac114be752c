package io.cardea.core.vault;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps records until the process ends. */
public class MemoryStore implements VaultStore {

    private final Map<ConnectionKey, VaultRecord> records = new HashMap<>();
    private final Set<ConnectionKey> locked = new HashSet<>();

    @Override
    public synchronized Optional<VaultRecord> read(ConnectionKey key) {
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public synchronized boolean write(VaultRecord record) {
        VaultRecord stored = records.get(record.key());
        if (stored != null && record.version() != stored.version() + 1) {
            return false;
        }
        records.put(record.key(), record);
        return true;
    }

    @Override
    public synchronized boolean reseal(VaultRecord record) {
        VaultRecord stored = records.get(record.key());
        if (stored == null || record.version() != stored.version()) {
            return false;
        }
        records.put(record.key(), record);
        return true;
    }

    @Override
    public synchronized Optional<VaultRecord> remove(ConnectionKey key) {
        return Optional.ofNullable(records.remove(key));
    }

    @Override
    public synchronized List<ConnectionKey> list() {
        return List.copyOf(records.keySet());
    }

    @Override
    public synchronized Optional<Lock> tryLock(ConnectionKey key) {
        return locked.add(key) ? Optional.of(() -> unlock(key)) : Optional.empty();
    }

    private synchronized void unlock(ConnectionKey key) {
        locked.remove(key);
    }
}
