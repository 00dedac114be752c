package io.cardea.core.vault;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;

/** Keeps records until the process ends. Any other store that is published takes precedence. */
@Component(property = Constants.SERVICE_RANKING + ":Integer=-2147483648")
public final class MemoryStore implements VaultStore {

    private final Map<ConnectionKey, VaultRecord> records = new HashMap<>();

    @Override
    public synchronized Optional<VaultRecord> read(ConnectionKey key) {
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public synchronized boolean write(VaultRecord record) {
        VaultRecord stored = records.get(record.key());
        long version = stored == null ? 0 : stored.version();
        if (record.version() != version + 1) {
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
}
