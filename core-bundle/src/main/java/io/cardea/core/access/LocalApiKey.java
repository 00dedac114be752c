package io.cardea.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.file.PrivateFile;
import io.cardea.core.seal.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * The key of this machine's user: made at the first start, kept in {@code data/keys/api-key}, which nobody else may
 * read. It opens every door. In memory there is only its hash.
 */
final class LocalApiKey {

    private final byte[] hash;

    LocalApiKey(Path data) {
        PrivateFile file = new PrivateFile(data, "keys", "api-key");
        try {
            String key = new String(file.readOrMake(LocalApiKey::fresh), UTF_8).trim();
            if (key.isEmpty()) {
                throw new IOException("it is empty; remove it, and the next start makes another");
            }
            this.hash = Sha256.of(key.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("The API key " + file.path() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static byte[] fresh() {
        return (new RandomKey().next() + "\n").getBytes(UTF_8);
    }

    /** Whether this is the hash of the key. */
    boolean is(byte[] shown) {
        return MessageDigest.isEqual(hash, shown);
    }
}
