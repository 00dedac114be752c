package io.cardea.core.access;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The named keys as they are looked for: by the first bytes of their hashes, so that it takes the same time for one key
 * and for a thousand. Where those of a hash lead tells nobody how a key begins; the hash as a whole is compared in
 * constant time, with one that nobody has where they lead nowhere. Immutable.
 */
final class KeyIndex {

    static final KeyIndex EMPTY = new KeyIndex(Set.of());

    private static final byte[] NOBODYS_HASH = new byte[32];

    private final Map<Long, Entry> byFirstBytes = new HashMap<>();

    private static final class Entry {
        final byte[] hash;
        final ApiKey key;

        Entry(NamedKey named) {
            this.hash = named.hash();
            this.key = named.key();
        }

        boolean permits(String provider, String action) {
            return (key.actions().isEmpty() || key.actions().contains(action))
                    && (key.providers().isEmpty()
                            || provider.isEmpty()
                            || key.providers().contains(provider));
        }
    }

    KeyIndex(Collection<NamedKey> keys) {
        for (NamedKey named : keys) {
            Entry entry = new Entry(named);
            byFirstBytes.put(firstBytes(entry.hash), entry);
        }
    }

    /** Whether a key with this hash opens this door; see {@link io.cardea.oauth.ApiKeys#accepts}. */
    boolean accepts(byte[] shown, String provider, String action) {
        @Nullable Entry entry = byFirstBytes.get(firstBytes(shown));
        boolean equal = MessageDigest.isEqual(entry == null ? NOBODYS_HASH : entry.hash, shown);
        return equal && entry != null && entry.permits(provider, action);
    }

    private static Long firstBytes(byte[] hash) {
        return ByteBuffer.wrap(hash).getLong();
    }
}
