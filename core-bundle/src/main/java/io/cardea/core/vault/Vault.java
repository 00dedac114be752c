package io.cardea.core.vault;

import io.cardea.core.seal.VaultKey;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections at rest: written as JSON, sealed for their place, handed to the store. What has been opened once is
 * remembered as long as the store has the same record.
 */
@Component(service = Vault.class, configurationPid = VaultStore.PID)
public final class Vault {

    private static final Logger LOG = LoggerFactory.getLogger(Vault.class);
    private final VaultStore store;
    private final VaultKey keys;
    private final InstantSource clock;
    private final Map<ConnectionKey, Opened> opened = new ConcurrentHashMap<>();

    private final Map<ConnectionKey, VaultRecord> reported = new ConcurrentHashMap<>();

    // What was sealed before the key is changed is in the store before records are sealed again.
    private final ReadWriteLock sealing = new ReentrantReadWriteLock();

    private record Opened(VaultRecord record, StoredConnection connection) {}

    /** @throws IllegalStateException when the key is not that with which the records were sealed; nothing is changed */
    @Activate
    public Vault(
            @Reference(name = "store", target = "(" + VaultStore.NAME + "=file)") VaultStore store,
            @Reference VaultKey keys) {
        this(store, keys, InstantSource.system());
    }

    Vault(VaultStore store, VaultKey keys, InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.clock = clock;
        requireKey();
        if (keys.all().size() > 1) {
            LOG.info("The vault key was being changed when Cardea ended");
            sealAgain();
        }
    }

    private void requireKey() {
        List<byte[]> whole = keys().stream()
                .flatMap(key -> stored(key).stream())
                .map(VaultRecord::content)
                .filter(SealedRecord::isWhole)
                .toList();
        boolean fits = whole.isEmpty()
                || keys.all().stream()
                        .anyMatch(key -> whole.stream().anyMatch(record -> SealedRecord.names(key, record)));
        if (!fits) {
            throw new IllegalStateException(
                    "The vault key " + keys.path() + " is not the one that sealed what the vault" + " holds ("
                            + whole.size() + "). Restore that key from a backup; nothing has been changed");
        }
    }

    /**
     * What the store has for this key; absent when there is nothing.
     *
     * @throws UncheckedIOException when it cannot be read
     */
    private Optional<VaultRecord> stored(ConnectionKey key) {
        try {
            return read(store, key);
        } catch (IOException e) {
            throw new UncheckedIOException("The credential " + key + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Under the key that was asked for, whatever the store says: what was sealed for another does not open there. */
    private static Optional<VaultRecord> read(VaultStore store, ConnectionKey key) throws IOException {
        return store.read(key).map(record -> under(key, record));
    }

    private static VaultRecord under(ConnectionKey key, VaultRecord record) {
        return record.key().equals(key) ? record : new VaultRecord(key, record.version(), record.content());
    }

    private List<ConnectionKey> keys() {
        try {
            return store.list();
        } catch (IOException e) {
            throw new OAuthException(
                    OAuthError.SERVER_ERROR, Optional.empty(), "The vault cannot be read; the log has the details", e);
        }
    }

    /**
     * Makes a new vault key and seals every credential with it, while all are used as ever. Ended by the end of the
     * process, it goes on at the next start.
     *
     * @return how many credentials could not be read or opened, and are as they were; the old key is kept for them
     * @throws OAuthException with {@link OAuthError#SERVER_ERROR} when the disk cannot be written
     */
    public synchronized int changeKey() {
        sealing.writeLock().lock();
        try {
            keys.change();
        } catch (IOException e) {
            throw new OAuthException(
                    OAuthError.SERVER_ERROR, Optional.empty(), "The vault key cannot be changed: " + e.getMessage(), e);
        } finally {
            sealing.writeLock().unlock();
        }
        return sealAgain();
    }

    private int sealAgain() {
        List<ConnectionKey> all = keys();
        List<ConnectionKey> failed = all.stream()
                .filter(key -> !record(key).map(this::sealAgain).orElse(false) && isThere(key))
                .toList();
        // Of what cannot be read nobody knows which key it needs.
        if (failed.isEmpty()) {
            retireOldKeys();
        } else {
            LOG.warn(
                    "The old vault key is kept in {}, for these are not sealed with the new one: {}",
                    keys.path(),
                    failed);
        }
        LOG.info("The vault key was changed; {} credentials are sealed with the new one", all.size() - failed.size());
        return failed.size();
    }

    private boolean isThere(ConnectionKey key) {
        return keys().contains(key);
    }

    private void retireOldKeys() {
        try {
            keys.retire();
        } catch (IOException e) {
            LOG.warn("The old vault key could not be removed from {}; the next start tries again", keys.path(), e);
        }
    }

    /** False when it cannot be opened, or written; it is as it was then. */
    private boolean sealAgain(VaultRecord seen) {
        VaultRecord record = seen;
        try {
            while (!SealedRecord.names(keys.current(), record.content())) {
                byte[] plain = SealedRecord.open(keys, record.key(), record.version(), record.content());
                byte[] sealed = SealedRecord.seal(keys.current(), record.key(), record.version(), plain);
                if (store.reseal(new VaultRecord(record.key(), record.version(), sealed))) {
                    return true;
                }
                // Somebody wrote it meanwhile, with the new key, or removed it.
                Optional<VaultRecord> newer = read(store, record.key());
                if (newer.isEmpty()) {
                    return true;
                }
                record = newer.get();
            }
            return true;
        } catch (IOException e) {
            LOG.warn("The credential {} could not be sealed with the new vault key", record.key(), e);
            return false;
        }
    }

    /**
     * The connection; absent when there is none.
     *
     * @throws ReauthorizationRequiredException when it is there but cannot be opened
     */
    public Optional<StoredConnection> read(ConnectionKey key) {
        try {
            Optional<VaultRecord> record = read(store, key);
            if (record.isEmpty()) {
                opened.remove(key);
            }
            return record.map(this::open);
        } catch (IOException e) {
            throw broken(key, "read", e);
        }
    }

    /** Writes a connection, if its version follows the stored one; see {@link VaultStore#write}. */
    public boolean write(StoredConnection connection) {
        sealing.readLock().lock();
        try {
            ConnectionKey key = connection.key();
            byte[] plain = StoredConnectionJson.write(connection);
            byte[] sealed = SealedRecord.seal(keys.current(), key, connection.version(), plain);
            return store.write(new VaultRecord(key, connection.version(), sealed));
        } catch (IOException e) {
            throw broken(connection.key(), "written", e);
        } finally {
            sealing.readLock().unlock();
        }
    }

    /**
     * What a connection's next version follows: the stored one, known also where it cannot be opened. Where there is none
     * it is the time, so that one that was removed and made again is never taken for what it was.
     */
    public long version(ConnectionKey key) {
        try {
            return store.read(key).map(VaultRecord::version).orElseGet(clock::millis);
        } catch (IOException e) {
            throw broken(key, "read", e);
        }
    }

    /** The right to renew a credential; see {@link VaultStore#tryLock}. */
    public Optional<VaultStore.Lock> tryLock(ConnectionKey key) {
        try {
            return store.tryLock(key);
        } catch (IOException e) {
            throw broken(key, "locked", e);
        }
    }

    /** Forgets a connection, and tells what it was; absent also when it could not be opened. */
    public Optional<StoredConnection> remove(ConnectionKey key) {
        try {
            Optional<StoredConnection> removed =
                    store.remove(key).map(record -> under(key, record)).flatMap(this::openOrPassOver);
            opened.remove(key);
            reported.remove(key);
            return removed;
        } catch (IOException e) {
            throw broken(key, "removed", e);
        }
    }

    /** All connections, by provider and name, but for those that cannot be opened. */
    public List<StoredConnection> list() {
        List<StoredConnection> connections = new ArrayList<>();
        keys().stream()
                .sorted(Comparator.comparing(ConnectionKey::provider).thenComparing(ConnectionKey::connection))
                .forEach(key -> record(key).flatMap(this::openOrPassOver).ifPresent(connections::add));
        return connections;
    }

    private Optional<VaultRecord> record(ConnectionKey key) {
        try {
            return read(store, key);
        } catch (IOException e) {
            LOG.warn("The credential {} cannot be read", key, e);
            return Optional.empty();
        }
    }

    /** One damaged record costs its own connection and no other. */
    private Optional<StoredConnection> openOrPassOver(VaultRecord record) {
        try {
            return Optional.of(open(record));
        } catch (ReauthorizationRequiredException damaged) {
            return Optional.empty();
        }
    }

    private StoredConnection open(VaultRecord record) {
        Opened known = opened.get(record.key());
        if (known != null && isSame(known.record(), record)) {
            return known.connection();
        }
        try {
            byte[] plain = SealedRecord.open(keys, record.key(), record.version(), record.content());
            StoredConnection connection = StoredConnectionJson.read(record.key(), record.version(), plain);
            opened.put(record.key(), new Opened(record, connection));
            return connection;
        } catch (IOException e) {
            throw damaged(record, e);
        }
    }

    private ReauthorizationRequiredException damaged(VaultRecord record, IOException why) {
        ConnectionKey key = record.key();
        VaultRecord told = reported.put(key, record);
        // Once, not each time that somebody looks.
        if (told == null || !isSame(told, record)) {
            LOG.warn("The credential {} cannot be opened, and is kept until a login replaces it", key, why);
        }
        return new ReauthorizationRequiredException(
                key, "The credential " + key + " cannot be opened; the log has the details. Log in again.");
    }

    private static boolean isSame(VaultRecord one, VaultRecord other) {
        return one == other || (one.version() == other.version() && Arrays.equals(one.content(), other.content()));
    }

    private static OAuthException broken(ConnectionKey key, String what, IOException cause) {
        return new OAuthException(
                OAuthError.SERVER_ERROR,
                Optional.of(key.provider()),
                "The credential " + key + " cannot be " + what + "; the log has the details",
                cause);
    }
}
