package io.cardea.core.access;

import io.cardea.core.seal.RandomBytes;
import java.util.Base64;

/** Makes API keys: 256 random bits behind a prefix, by which people and scanners for leaked secrets know them. */
final class RandomKey {

    private static final String PREFIX = "cardea_";
    private static final int BYTES = 32;

    private final RandomBytes random = new RandomBytes();

    String next() {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random.next(BYTES));
    }
}
