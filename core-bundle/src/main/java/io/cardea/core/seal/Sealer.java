package io.cardea.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with a random 96-bit nonce in front. Each sealed message is bound to a place: opened with another, it does
 * not open.
 */
public final class Sealer {

    /** How long a key is, in bytes. */
    public static final int KEY_BYTES = 32;
    /** By how much a sealed message is longer, in bytes. */
    public static final int OVERHEAD_BYTES = 28;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int MAX_IDLE = 16;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final RandomBytes RANDOM = new RandomBytes();

    private final Supplier<byte[]> keyMaterial;
    private volatile Optional<SecretKey> key = Optional.empty();
    // Looking a cipher up takes as long as sealing something small. One that failed is not used again.
    private final Queue<Cipher> idle = new ArrayBlockingQueue<>(MAX_IDLE);

    /** @param keyMaterial gives the key's 32 bytes, always the same; asked when the first message is sealed or opened */
    Sealer(Supplier<byte[]> keyMaterial) {
        this.keyMaterial = keyMaterial;
    }

    /** A sealer with this key of 32 bytes. */
    public static Sealer withKey(byte[] key) {
        return new Sealer(() -> key);
    }

    /** A key for one purpose. */
    public static byte[] randomKey() {
        return RANDOM.next(KEY_BYTES);
    }

    private SecretKey key() {
        Optional<SecretKey> known = key;
        if (known.isEmpty()) {
            known = Optional.of(new SecretKeySpec(keyMaterial.get(), "AES"));
            key = known;
        }
        return known.get();
    }

    /** Seals a message for a place. */
    public byte[] seal(byte[] message, String place) {
        byte[] nonce = RANDOM.next(NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, place);
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + message.length + TAG_BYTES);
            cipher.doFinal(message, 0, message.length, sealed, NONCE_BYTES);
            idle.offer(cipher);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot do " + TRANSFORMATION, e);
        }
    }

    /** The message; absent when it was sealed with another key, for another place, or was changed since. */
    public Optional<byte[]> open(byte[] sealed, String place) {
        if (sealed.length < NONCE_BYTES + TAG_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, place);
            byte[] message = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
            idle.offer(cipher);
            return Optional.of(message);
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot do " + TRANSFORMATION, e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher known = idle.poll();
        Cipher cipher = known == null ? Cipher.getInstance(TRANSFORMATION) : known;
        cipher.init(mode, key(), new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(place.getBytes(UTF_8));
        return cipher;
    }
}
