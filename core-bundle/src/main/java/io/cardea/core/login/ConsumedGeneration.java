package io.cardea.core.login;

import io.cardea.core.file.PrivateFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumed logins that are forgotten together, by their marks, in memory and in a file. For one thread at a time; not
 * even the file is made before the first one is written.
 */
final class ConsumedGeneration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumedGeneration.class);
    private static final int RECORD_BYTES = Long.BYTES;

    private final PrivateFile file;
    private final MarkSet marks = new MarkSet();
    // No channel: that would be closed by the first thread that is interrupted.
    private Optional<RandomAccessFile> opened = Optional.empty();

    ConsumedGeneration(PrivateFile file) {
        this.file = file;
    }

    /** One that a file holds. */
    static ConsumedGeneration read(PrivateFile file) throws IOException {
        ConsumedGeneration generation = new ConsumedGeneration(file);
        RandomAccessFile records = generation.open();
        byte[] some = new byte[1024 * RECORD_BYTES];
        long left = records.length() - records.length() % RECORD_BYTES;
        while (left > 0) {
            int length = (int) Math.min(left, some.length);
            records.readFully(some, 0, length);
            left -= length;
            ByteBuffer content = ByteBuffer.wrap(some, 0, length);
            while (content.hasRemaining()) {
                long mark = content.getLong();
                // What a crash left unwritten reads as zero.
                if (mark != 0) {
                    generation.marks.add(mark);
                }
            }
        }
        return generation;
    }

    boolean contains(long mark) {
        return marks.contains(mark);
    }

    /** Remembers a login in memory, and unless this fails, beyond a restart. */
    void add(long mark) throws IOException {
        marks.add(mark);
        RandomAccessFile records = open();
        // What a full disk cut short must not shift all that follows.
        records.seek(records.getFilePointer() - records.getFilePointer() % RECORD_BYTES);
        records.write(ByteBuffer.allocate(RECORD_BYTES).putLong(mark).array());
    }

    private RandomAccessFile open() throws IOException {
        if (opened.isEmpty()) {
            opened = Optional.of(file.openOrMake());
        }
        return opened.get();
    }

    int size() {
        return marks.size();
    }

    int capacity() {
        return marks.capacity();
    }

    /** Forgets all of it. */
    void drop() {
        close();
        try {
            Files.deleteIfExists(file.path());
        } catch (IOException e) {
            LOG.warn("{} could not be deleted; the next start tries again: {}", file.path(), e.getMessage());
        }
    }

    @Override
    public void close() {
        opened.ifPresent(records -> {
            try {
                records.close();
            } catch (IOException e) {
                LOG.debug("Closed badly", e);
            }
        });
    }
}
