package io.cardea.itests.store;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;

/** A store of another bundle, which forgets at the end of the process, and pushes itself forward. */
@Component(property = {VaultStore.NAME + "=memory", Constants.SERVICE_RANKING + ":Integer=2147483647"})
public final class MemoryStore implements VaultStore {

    private final Map<ConnectionKey, VaultRecord> records = new ConcurrentHashMap<>();
    private final Set<ConnectionKey> locked = ConcurrentHashMap.newKeySet();

    @Override
    public Optional<VaultRecord> read(ConnectionKey key) {
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
        return stored != null && stored.version() == record.version() && records.replace(record.key(), stored, record);
    }

    @Override
    public Optional<VaultRecord> remove(ConnectionKey key) {
        return Optional.ofNullable(records.remove(key));
    }

    @Override
    public List<ConnectionKey> list() {
        return List.copyOf(records.keySet());
    }

    @Override
    public Optional<Lock> tryLock(ConnectionKey key) {
        return locked.add(key) ? Optional.of(() -> locked.remove(key)) : Optional.empty();
    }
}
