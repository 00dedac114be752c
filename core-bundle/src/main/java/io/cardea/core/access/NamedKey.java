package io.cardea.core.access;

import java.util.HexFormat;

/**
 * What is kept of a key that was made for a program.
 *
 * @param key its name and limits
 * @param sha256 the hash of the key itself, 64 hexadecimal digits
 */
record NamedKey(ApiKey key, String sha256) {

    byte[] hash() {
        return HexFormat.of().parseHex(sha256);
    }
}
