package io.cardea.core.vault;

import io.cardea.core.seal.MasterKey;
import io.cardea.core.seal.Sealer;
import io.cardea.core.seal.VaultKey;
import io.cardea.oauth.ConnectionKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a record's content looks like: the format (one byte), the id of the vault key (8 bytes, twice), the record's own
 * data key, sealed by the vault key, and the message, sealed by the data key. Both seals name the format, the vault key,
 * the connection and the version: what was changed, moved or renamed does not open.
 */
final class SealedRecord {

    private static final byte FORMAT = 1;
    private static final String PURPOSE = "vault";
    private static final int WRAPPED_BYTES = Sealer.KEY_BYTES + Sealer.OVERHEAD_BYTES;
    private static final int HEAD_BYTES = 1 + 2 * MasterKey.ID_BYTES;

    private SealedRecord() {}

    static byte[] seal(MasterKey key, ConnectionKey connection, long version, byte[] message) {
        byte[] id = key.id();
        String place = place(id, connection, version);
        byte[] dataKey = Sealer.randomKey();
        byte[] wrapped = key.sealer(PURPOSE).seal(dataKey, place);
        byte[] sealed = Sealer.withKey(dataKey).seal(message, place);
        return ByteBuffer.allocate(HEAD_BYTES + WRAPPED_BYTES + sealed.length)
                .put(FORMAT)
                .put(id)
                .put(id)
                .put(wrapped)
                .put(sealed)
                .array();
    }

    /** @throws IOException that says what is wrong with it */
    static byte[] open(VaultKey keys, ConnectionKey connection, long version, byte[] content) throws IOException {
        if (!isWhole(content)) {
            throw new IOException("it is damaged, or of a later format");
        }
        byte[] id = id(content, 0);
        MasterKey key = keys.find(id)
                .orElseThrow(() -> new IOException("it is sealed with another vault key, "
                        + HexFormat.of().formatHex(id) + ", than " + keys.path() + " holds"));
        String place = place(id, connection, version);
        int start = HEAD_BYTES + WRAPPED_BYTES;
        return key.sealer(PURPOSE)
                .open(Arrays.copyOfRange(content, HEAD_BYTES, start), place)
                .flatMap(dataKey ->
                        Sealer.withKey(dataKey).open(Arrays.copyOfRange(content, start, content.length), place))
                .orElseThrow(() -> new IOException("the seal is broken"));
    }

    /** Whether it looks like a record: one that does not is damaged, whatever key it is opened with. */
    static boolean isWhole(byte[] content) {
        return content.length >= HEAD_BYTES + WRAPPED_BYTES + Sealer.OVERHEAD_BYTES
                && content[0] == FORMAT
                && Arrays.equals(id(content, 0), id(content, 1));
    }

    /**
     * Whether a record says that it was sealed with a key. The id stands twice, so that a damaged one is not taken for
     * that of another key.
     */
    static boolean names(MasterKey key, byte[] content) {
        return content.length >= HEAD_BYTES
                && (Arrays.equals(key.id(), id(content, 0)) || Arrays.equals(key.id(), id(content, 1)));
    }

    private static byte[] id(byte[] content, int which) {
        int start = 1 + which * MasterKey.ID_BYTES;
        return Arrays.copyOfRange(content, start, start + MasterKey.ID_BYTES);
    }

    private static String place(byte[] id, ConnectionKey connection, long version) {
        return "vault " + FORMAT + " " + HexFormat.of().formatHex(id) + " " + connection.provider() + " "
                + connection.connection() + " " + version;
    }
}
