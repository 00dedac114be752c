package io.cardea.core.vault;

import io.cardea.core.file.PrivateFile;
import io.cardea.core.file.PrivateFolder;
import io.cardea.core.file.UnsafeFileException;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.vault.VaultRecord;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each record in a file of its own in {@code data/vault}. What the files hold is in memory, too, for no other process
 * may use the folder meanwhile.
 */
@Component(property = VaultStore.NAME + "=file")
public final class FileStore implements VaultStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    /** What each file begins with, before the version; another format has another. */
    private static final byte[] MAGIC = {'C', 'V', 'R', '1'};

    private static final int HEAD_BYTES = MAGIC.length + Long.BYTES;
    private static final int STRIPES = 16;

    private final PrivateFolder folder;
    private final FolderLock lock;
    private final Map<ConnectionKey, VaultRecord> records = new ConcurrentHashMap<>();
    private final Set<ConnectionKey> locked = ConcurrentHashMap.newKeySet();
    // Held while a record is compared and written, so that writes of several connections go to the disk together.
    private final Object[] stripes = new Object[STRIPES];

    @Activate
    public FileStore(BundleContext context) {
        this(new PrivateFolder(PrivateFile.data(context), "vault"));
    }

    FileStore(PrivateFolder folder) {
        this.folder = folder;
        Arrays.setAll(stripes, i -> new Object());
        try {
            folder.prepare();
            this.lock = FolderLock.of(folder.path());
            try {
                folder.sweep();
                for (String name : folder.names()) {
                    load(name);
                }
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The vault " + folder.path() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void load(String name) throws IOException {
        Optional<ConnectionKey> key = RecordName.read(name);
        if (key.isEmpty()) {
            LOG.warn("{} is no credential, and is left alone", folder.path().resolve(name));
            return;
        }
        byte[] content;
        try {
            content = folder.read(name);
        } catch (UnsafeFileException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be read; the other credentials are unharmed",
                    folder.path().resolve(name),
                    e);
            content = new byte[0];
        }
        records.put(key.get(), record(key.get(), content));
    }

    /** Whatever a file holds: one that is damaged has no version and opens for nobody. */
    private static VaultRecord record(ConnectionKey key, byte[] file) {
        if (file.length < HEAD_BYTES || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return new VaultRecord(key, 0, new byte[0]);
        }
        long version = ByteBuffer.wrap(file).getLong(MAGIC.length);
        return new VaultRecord(key, version, Arrays.copyOfRange(file, HEAD_BYTES, file.length));
    }

    private static byte[] file(VaultRecord record) {
        return ByteBuffer.allocate(HEAD_BYTES + record.content().length)
                .put(MAGIC)
                .putLong(record.version())
                .put(record.content())
                .array();
    }

    @Deactivate
    void stop() {
        lock.close();
    }

    @Override
    public Optional<VaultRecord> read(ConnectionKey key) {
        return Optional.ofNullable(records.get(key));
    }

    @Override
    public boolean write(VaultRecord record) throws IOException {
        synchronized (stripe(record.key())) {
            VaultRecord stored = records.get(record.key());
            if (stored != null && record.version() != stored.version() + 1) {
                return false;
            }
            put(record);
            return true;
        }
    }

    @Override
    public boolean reseal(VaultRecord record) throws IOException {
        synchronized (stripe(record.key())) {
            VaultRecord stored = records.get(record.key());
            if (stored == null || record.version() != stored.version()) {
                return false;
            }
            put(record);
            return true;
        }
    }

    private void put(VaultRecord record) throws IOException {
        folder.write(RecordName.of(record.key()), file(record));
        records.put(record.key(), record);
    }

    @Override
    public Optional<VaultRecord> remove(ConnectionKey key) throws IOException {
        synchronized (stripe(key)) {
            if (!records.containsKey(key)) {
                return Optional.empty();
            }
            folder.remove(RecordName.of(key));
            return Optional.ofNullable(records.remove(key));
        }
    }

    @Override
    public List<ConnectionKey> list() {
        return List.copyOf(records.keySet());
    }

    @Override
    public Optional<Lock> tryLock(ConnectionKey key) {
        return locked.add(key) ? Optional.of(() -> locked.remove(key)) : Optional.empty();
    }

    private Object stripe(ConnectionKey key) {
        return stripes[Math.floorMod(key.hashCode(), STRIPES)];
    }
}
