package io.cardea.core.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.seal.Sha256;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A refresh token that was replaced by another. It is never sent again; that somebody shows it is recognized for a while.
 *
 * @param hash its SHA-256, in hexadecimal digits
 * @param until when it is forgotten
 */
record SupersededToken(String hash, Instant until) {

    static SupersededToken of(String refreshToken, Instant until) {
        return new SupersededToken(hash(refreshToken), until);
    }

    boolean is(String refreshToken) {
        return MessageDigest.isEqual(hash.getBytes(UTF_8), hash(refreshToken).getBytes(UTF_8));
    }

    private static String hash(String refreshToken) {
        return HexFormat.of().formatHex(Sha256.of(refreshToken.getBytes(UTF_8)));
    }
}
