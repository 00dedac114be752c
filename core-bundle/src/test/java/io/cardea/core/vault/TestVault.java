package io.cardea.core.vault;

import io.cardea.core.file.PrivateFolder;
import io.cardea.core.seal.VaultKey;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A vault whose key rests in no file. */
public final class TestVault {

    private TestVault() {}

    public static Vault of(VaultStore store) {
        return new Vault(store, key(store));
    }

    /** The vault of a data folder, which is used by nobody else until {@code close} runs. */
    public record AtRest(Vault vault, Runnable close) {}

    /** Opens the vault of a data folder as the product does, telling each step of its writes. */
    public static AtRest open(Path data, PrivateFolder.Steps steps) {
        FileStore store = new FileStore(new PrivateFolder(data, data.resolve("vault"), steps));
        return new AtRest(new Vault(store, VaultKey.of(data, store)), store::stop);
    }

    public static VaultKey key(VaultStore store) {
        try {
            Path data = Files.createTempDirectory("cardea-test-vault");
            try {
                return VaultKey.of(data, store);
            } finally {
                delete(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
