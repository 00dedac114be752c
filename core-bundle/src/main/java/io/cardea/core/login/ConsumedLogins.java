package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.file.PrivateFile;
import io.cardea.core.seal.Sha256;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins that have ended and could still be shown again. Each is forgotten when its time is over, for then it is
 * refused anyway; so there are never more than end within one lifetime, and never more than the limit. A login outlives
 * a restart, and that it has ended must too: each is written to a file before it counts.
 */
final class ConsumedLogins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumedLogins.class);
    // The end of the login in epoch seconds, and half a SHA-256 of its state.
    private static final int RECORD_BYTES = 3 * Long.BYTES;

    private final int limit;
    // No channel: that would be closed by the first thread that is interrupted.
    private final RandomAccessFile file;
    private final Map<Mark, Long> expiryByMark = new ConcurrentHashMap<>();
    private final AtomicLong nextSweep = new AtomicLong();
    private final AtomicLong lastWarning = new AtomicLong();

    /** What is remembered of a login: not {@code state}, for the file is no place for it. */
    private record Mark(long high, long low) {

        static Mark of(String state) {
            ByteBuffer digest = ByteBuffer.wrap(Sha256.of(state.getBytes(UTF_8)));
            return new Mark(digest.getLong(), digest.getLong());
        }
    }

    /** @param now in epoch seconds; what the file holds from before that is forgotten */
    ConsumedLogins(int limit, PrivateFile consumed, long now) {
        this.limit = limit;
        try {
            this.file = consumed.openOrMake();
            read(now);
            rewrite();
        } catch (IOException e) {
            throw new UncheckedIOException(consumed.path() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void read(long now) throws IOException {
        // Whatever it holds: more would not have been written.
        byte[] content = new byte[(int) Math.min(file.length(), 2L * limit * RECORD_BYTES)];
        file.readFully(content);
        ByteBuffer records = ByteBuffer.wrap(content);
        while (records.remaining() >= RECORD_BYTES) {
            long expiresAt = records.getLong();
            Mark mark = new Mark(records.getLong(), records.getLong());
            if (expiresAt >= now) {
                expiryByMark.put(mark, expiresAt);
            }
        }
    }

    /**
     * Marks a login as ended.
     *
     * @param now and {@code expiresAt} in epoch seconds
     * @return whether it was this call that ended it; false also when its time is over, for then it may have been
     *     forgotten that it had ended
     * @throws OAuthException when no more logins can be remembered
     */
    boolean consume(String state, long expiresAt, long now) {
        sweep(now);
        Mark mark = Mark.of(state);
        if (expiryByMark.size() >= limit) {
            if (lastWarning.getAndSet(now) != now) {
                LOG.warn(
                        "{} logins have ended in a short time; no more can end for now. Is somebody attacking?", limit);
            }
            throw new OAuthException(
                    OAuthError.TEMPORARILY_UNAVAILABLE,
                    Optional.empty(),
                    "Too many logins have ended in a short time. Start again in some minutes.");
        }
        boolean first = expiresAt >= now && expiryByMark.putIfAbsent(mark, expiresAt) == null;
        if (first) {
            write(mark, expiresAt);
        }
        return first;
    }

    int size() {
        return expiryByMark.size();
    }

    private synchronized void write(Mark mark, long expiresAt) {
        try {
            if (file.getFilePointer() >= 2L * limit * RECORD_BYTES) {
                rewrite();
            } else {
                byte[] record = new byte[RECORD_BYTES];
                // What a full disk cut short must not shift all that follows.
                file.seek(file.getFilePointer() - file.getFilePointer() % RECORD_BYTES);
                put(ByteBuffer.wrap(record), mark, expiresAt);
                file.write(record);
            }
        } catch (IOException e) {
            // Until a restart it is remembered all the same.
            LOG.warn("Logins that have ended could be shown again after a restart: {}", e.getMessage(), e);
        }
    }

    /** Only what still counts, from the start of the file on; a record that stays behind the end does no harm. */
    private synchronized void rewrite() throws IOException {
        Map<Mark, Long> all = Map.copyOf(expiryByMark);
        byte[] records = new byte[all.size() * RECORD_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(records);
        all.forEach((mark, expiresAt) -> put(buffer, mark, expiresAt));
        file.seek(0);
        file.write(records);
        file.setLength(records.length);
    }

    private static void put(ByteBuffer records, Mark mark, long expiresAt) {
        records.putLong(expiresAt).putLong(mark.high()).putLong(mark.low());
    }

    private void sweep(long now) {
        long due = nextSweep.get();
        // At most once a second, and by one thread.
        if (now > due && nextSweep.compareAndSet(due, now)) {
            expiryByMark.values().removeIf(expiresAt -> expiresAt < now);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("Closed badly", e);
        }
    }
}
