package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hides what a provider answered in a URL of our own for the time that one redirect takes: AES-256-GCM with a key that
 * exists in this object alone. What was sealed for one provider does not open for another.
 */
final class ResponseSeal {

    private static final Duration LIFETIME = Duration.ofSeconds(60);
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final SecretKey key;

    ResponseSeal(InstantSource clock) {
        this.clock = clock;
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, "AES");
    }

    /** The sealed text, fit for a URL: nonce, then moment of expiry and answer encrypted, then tag. */
    String seal(String provider, byte[] answer) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteBuffer message = ByteBuffer.allocate(Long.BYTES + answer.length)
                .putLong(clock.instant().plus(LIFETIME).toEpochMilli())
                .put(answer)
                .flip();
        ByteBuffer sealed = ByteBuffer.allocate(NONCE_BYTES + message.remaining() + TAG_BYTES);
        sealed.put(nonce);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, provider).doFinal(message, sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot do " + TRANSFORMATION, e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.array());
    }

    /** The answer; absent when it was not sealed here and for this provider, was changed since, or has expired. */
    Optional<byte[]> open(String provider, String text) {
        byte[] sealed = decode(text);
        if (sealed.length < NONCE_BYTES + Long.BYTES + TAG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer message;
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, sealed, provider);
            message = ByteBuffer.wrap(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM cannot do " + TRANSFORMATION, e);
        }
        if (message.getLong() <= clock.millis()) {
            return Optional.empty();
        }
        byte[] answer = new byte[message.remaining()];
        message.get(answer);
        return Optional.of(answer);
    }

    private Cipher cipher(int mode, byte[] nonce, String provider) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce, 0, NONCE_BYTES), random);
        cipher.updateAAD(provider.getBytes(UTF_8));
        return cipher;
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
