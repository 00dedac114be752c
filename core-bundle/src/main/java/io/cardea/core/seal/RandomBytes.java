package io.cardea.core.seal;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Bytes from the JDK's {@link SecureRandom}, which is asked for many at once: asked for a few it takes longer than
 * everything else that a login computes, and lets one thread in at a time. Each byte is handed out once, and is wiped
 * then.
 */
public final class RandomBytes {

    private static final int BLOCK_BYTES = 4096;

    private final SecureRandom source = new SecureRandom();
    // As many as there were threads that asked at the same moment.
    private final Queue<Block> idle = new ConcurrentLinkedQueue<>();

    private static final class Block {
        final byte[] bytes = new byte[BLOCK_BYTES];
        int used = BLOCK_BYTES;
    }

    /**
     * Random bytes that nobody else gets.
     *
     * @param length at most 4096
     */
    public byte[] next(int length) {
        Block known = idle.poll();
        Block block = known == null ? new Block() : known;
        if (BLOCK_BYTES - block.used < length) {
            source.nextBytes(block.bytes);
            block.used = 0;
        }
        byte[] bytes = Arrays.copyOfRange(block.bytes, block.used, block.used + length);
        Arrays.fill(block.bytes, block.used, block.used + length, (byte) 0);
        block.used += length;
        idle.add(block);
        return bytes;
    }
}
