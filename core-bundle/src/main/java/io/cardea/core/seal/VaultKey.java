package io.cardea.core.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cardea.core.file.PrivateFile;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The key from which every other is derived, in {@code data/keys/vault-key} or in {@code CARDEA_VAULT_KEY_FILE}: made at
 * the first start, when nothing has been sealed yet, and never again. While it is being changed the file holds more than
 * one, a line each in Base64: the newest first, which seals, then those that still open what they have sealed.
 */
@Component(service = VaultKey.class, configurationPid = VaultStore.PID)
public final class VaultKey {

    private final PrivateFile file;
    private volatile List<MasterKey> keys;
    // Until the end of the process: a login that began before the key was changed is sealed with the one before.
    private volatile List<MasterKey> retired = List.of();
    private final List<Runnable> sealers = new CopyOnWriteArrayList<>();

    @Activate
    public VaultKey(
            BundleContext context,
            @Reference(name = "store", target = "(" + VaultStore.NAME + "=file)") VaultStore store) {
        this(file(context), store);
    }

    VaultKey(PrivateFile file, VaultStore store) {
        this.file = file;
        try {
            // Half a change of the key must not leave one behind.
            file.sweep();
            if (!file.exists()) {
                make(store);
            }
            this.keys = Arrays.stream(new String(file.read(), US_ASCII).strip().split("\\s+"))
                    .map(VaultKey::decoded)
                    .toList();
        } catch (IOException e) {
            throw unusable(e);
        } catch (IllegalArgumentException e) {
            throw unusable(new IOException(
                    "it must hold " + Sealer.KEY_BYTES + " bytes in Base64; restore it from a backup", e));
        }
    }

    private UncheckedIOException unusable(IOException cause) {
        return new UncheckedIOException(
                "The vault key " + file.path() + " cannot be used: " + cause.getMessage(), cause);
    }

    /** The key of a data folder whose vault is a store. */
    public static VaultKey of(Path data, VaultStore store) {
        return new VaultKey(new PrivateFile(data, "keys", "vault-key"), store);
    }

    private static PrivateFile file(BundleContext context) {
        @Nullable String elsewhere = context.getProperty("CARDEA_VAULT_KEY_FILE");
        Path data = PrivateFile.data(context);
        if (elsewhere == null || elsewhere.isBlank()) {
            return new PrivateFile(data, "keys", "vault-key");
        }
        return PrivateFile.elsewhere(data, Path.of(elsewhere.strip()));
    }

    private void make(VaultStore store) throws IOException {
        int sealed = store.list().size();
        if (sealed > 0) {
            throw new IOException("it is missing, and " + sealed + " credential" + (sealed == 1 ? " is" : "s are")
                    + " sealed with it. Restore it from a backup; nothing has been changed");
        }
        write(List.of(new MasterKey(Sealer.randomKey())));
    }

    private static MasterKey decoded(String line) {
        byte[] secret = Base64.getDecoder().decode(line);
        if (secret.length != Sealer.KEY_BYTES) {
            throw new IllegalArgumentException("not the length of a key");
        }
        return new MasterKey(secret);
    }

    private void write(List<MasterKey> all) throws IOException {
        String text = all.stream()
                .map(key -> Base64.getEncoder().encodeToString(key.secret()) + "\n")
                .collect(Collectors.joining());
        file.write(text.getBytes(US_ASCII));
    }

    /** Where the key rests. */
    public Path path() {
        return file.path();
    }

    /** The key that seals. */
    public MasterKey current() {
        return keys.get(0);
    }

    /** All keys that open something, the newest first. */
    public List<MasterKey> all() {
        return keys;
    }

    /** All keys that this process has known, for what lives shortly. */
    public Stream<MasterKey> known() {
        return Stream.concat(keys.stream(), retired.stream());
    }

    /** The key with this id; absent when it is none of ours. */
    public Optional<MasterKey> find(byte[] id) {
        return keys.stream().filter(key -> Arrays.equals(key.id(), id)).findFirst();
    }

    /** Puts a new key before the others, on the disk first. */
    public synchronized void change() throws IOException {
        List<MasterKey> more = new ArrayList<>(keys);
        more.add(0, new MasterKey(Sealer.randomKey()));
        write(more);
        keys = List.copyOf(more);
    }

    /** Is called no more from then on. */
    public interface Registration extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Whoever keeps something sealed outside the vault seals it again before the keys of before go.
     *
     * @param sealAgain called on the thread that changes the key
     */
    public Registration beforeRetiring(Runnable sealAgain) {
        sealers.add(sealAgain);
        return () -> sealers.remove(sealAgain);
    }

    /** Forgets all keys but the newest, once they open nothing any more. */
    public synchronized void retire() throws IOException {
        List<MasterKey> newest = keys.subList(0, 1);
        if (newest.size() < keys.size()) {
            sealers.forEach(Runnable::run);
            write(newest);
            List<MasterKey> gone = new ArrayList<>(retired);
            gone.addAll(keys.subList(1, keys.size()));
            retired = List.copyOf(gone);
            keys = List.copyOf(newest);
        }
    }
}
