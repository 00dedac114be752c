package io.cardea.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.file.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The key from which every other is derived: made at the first start, kept in {@code data/keys/vault-key}, which nobody
 * else may read. What it sealed opens after a restart.
 */
@Component(service = VaultKey.class)
public final class VaultKey {

    private static final int KEY_BYTES = 32;
    private static final String HMAC = "HmacSHA256";

    private final byte[] key;

    @Activate
    public VaultKey(BundleContext context) {
        this(PrivateFile.data(context));
    }

    /** The key of a data folder. */
    public VaultKey(Path data) {
        PrivateFile file = new PrivateFile(data, "keys", "vault-key");
        try {
            this.key = Base64.getDecoder().decode(new String(file.readOrMake(VaultKey::fresh), UTF_8).trim());
            if (key.length != KEY_BYTES) {
                throw new IOException("it must hold " + KEY_BYTES + " bytes in Base64");
            }
        } catch (IllegalArgumentException e) {
            throw unusable(file, new IOException("it is no Base64", e));
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static byte[] fresh() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return (Base64.getEncoder().encodeToString(random) + "\n").getBytes(UTF_8);
    }

    private static UncheckedIOException unusable(PrivateFile file, IOException cause) {
        return new UncheckedIOException(
                "The vault key " + file.path() + " cannot be used: " + cause.getMessage(), cause);
    }

    /** A sealer with a key of its own, derived for a purpose by HKDF (RFC 5869) with one block of output. */
    public Sealer sealer(String purpose) {
        // Not before it is used, for the JDK's cryptography takes its time to start.
        return new Sealer(() -> {
            byte[] pseudorandom = hmac(new byte[KEY_BYTES], key);
            return hmac(pseudorandom, ("cardea " + purpose + "\u0001").getBytes(UTF_8));
        });
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot do " + HMAC, e);
        }
    }
}
