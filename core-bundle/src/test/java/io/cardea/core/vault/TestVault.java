package io.cardea.core.vault;

import io.cardea.core.seal.VaultKey;
import io.cardea.oauth.vault.VaultStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A vault whose key nobody needs any more when the test is over. */
public final class TestVault {

    private TestVault() {}

    public static Vault of(VaultStore store) {
        try {
            Path data = Files.createTempDirectory("cardea-test-vault");
            try {
                return new Vault(store, VaultKey.of(data, store));
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
