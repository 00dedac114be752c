package io.cardea.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.file.PrivateFile;
import io.cardea.core.seal.Sha256;
import io.cardea.oauth.ApiKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The key of this machine's user: made at the first start, kept in {@code data/keys/api-key}, which nobody else may
 * read. It opens every door. In memory there is only its hash.
 */
@Component
public final class LocalApiKey implements ApiKeys {

    private static final int KEY_BYTES = 32;

    private final byte[] hash;

    @Activate
    public LocalApiKey(BundleContext context) {
        this(PrivateFile.data(context));
    }

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
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return ("cardea_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n").getBytes(UTF_8);
    }

    @Override
    public boolean accepts(String key, String provider, String action) {
        return MessageDigest.isEqual(hash, Sha256.of(key.getBytes(UTF_8)));
    }
}
