package io.cardea.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that seals nothing itself: those that do are derived from it, one for each purpose. */
public final class MasterKey {

    /** How long an id is, in bytes. */
    public static final int ID_BYTES = 8;

    private static final String HMAC = "HmacSHA256";

    private final byte[] secret;
    private volatile byte[] id = {};
    private final Map<String, Sealer> sealers = new ConcurrentHashMap<>();

    MasterKey(byte[] secret) {
        this.secret = secret;
    }

    /** What the key is known by: derived from it, and telling nothing of it. */
    public byte[] id() {
        if (id.length == 0) {
            id = Arrays.copyOf(derived("key id"), ID_BYTES);
        }
        return id.clone();
    }

    /** A sealer with a key of its own. */
    public Sealer sealer(String purpose) {
        // The key is not derived before it is used, for the JDK's cryptography takes its time to start.
        return sealers.computeIfAbsent(purpose, name -> new Sealer(() -> derived(name)));
    }

    /** HKDF (RFC 5869) with one block of output. */
    private byte[] derived(String purpose) {
        byte[] pseudorandom = hmac(new byte[Sealer.KEY_BYTES], secret);
        return hmac(pseudorandom, ("cardea " + purpose + "\u0001").getBytes(UTF_8));
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

    byte[] secret() {
        return secret;
    }

    /** By its id. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(id());
    }
}
