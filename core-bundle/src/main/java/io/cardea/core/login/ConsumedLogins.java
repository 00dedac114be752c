package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.file.PrivateFolder;
import io.cardea.core.seal.Sha256;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins that have ended and could still be shown again. They are forgotten when their time is over, for then they
 * are refused anyway: those whose time ends in the same fifth of a lifetime together, a little later than the last of
 * them. So there are never many more than end within one lifetime, and never more than the limit. A login outlives a
 * restart, and that it has ended must too: each is written to a file before it counts.
 */
final class ConsumedLogins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumedLogins.class);
    private static final int GENERATIONS = 5;
    private static final String PREFIX = "consumed";
    private static final Pattern NAME = Pattern.compile(PREFIX + "-(\\d{1,18})");

    private final int limit;
    private final long span;
    private final PrivateFolder folder;
    // By the last second in which one of its logins could be shown again.
    private final NavigableMap<Long, ConsumedGeneration> generations = new TreeMap<>();
    private long lastWarning;

    /**
     * @param lifetime of a login; another one than before a restart does no harm
     * @param now in epoch seconds; what the folder holds from before that is deleted
     */
    ConsumedLogins(int limit, Duration lifetime, PrivateFolder folder, long now) {
        this.limit = limit;
        this.span = Math.max(1, lifetime.toSeconds() / GENERATIONS);
        this.folder = folder;
        try {
            folder.prepare();
            folder.sweep();
            for (String name : folder.names()) {
                read(name, now);
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(folder.path() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void read(String name, long now) throws IOException {
        Matcher generation = NAME.matcher(name);
        if (generation.matches() && Long.parseLong(generation.group(1)) >= now) {
            generations.put(Long.valueOf(generation.group(1)), ConsumedGeneration.read(folder.file(name)));
        } else if (name.startsWith(PREFIX)) {
            // Its time is over.
            Files.delete(folder.path().resolve(name));
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
    synchronized boolean consume(String state, long expiresAt, long now) {
        forget(now);
        if (size() >= limit) {
            if (lastWarning != now) {
                lastWarning = now;
                LOG.warn(
                        "{} logins have ended in a short time; no more can end for now. Is somebody attacking?", limit);
            }
            throw new OAuthException(
                    OAuthError.TEMPORARILY_UNAVAILABLE,
                    Optional.empty(),
                    "Too many logins have ended in a short time. Start again in some minutes.");
        }
        long mark = mark(state);
        if (expiresAt < now || generations.values().stream().anyMatch(generation -> generation.contains(mark))) {
            return false;
        }
        try {
            generation(expiresAt).add(mark);
        } catch (IOException e) {
            // Until a restart it is remembered all the same.
            LOG.warn("Logins that have ended could be shown again after a restart: {}", e.getMessage(), e);
        }
        return true;
    }

    /**
     * What is remembered of a login: not {@code state}, for the file is no place for it. State is ours and random, so
     * two have the same mark by chance alone; with four million remembered that is once in 2^42 logins, and all it does
     * is that one has to be begun again.
     */
    private static long mark(String state) {
        long mark = ByteBuffer.wrap(Sha256.of(state.getBytes(UTF_8))).getLong();
        return mark == 0 ? 1 : mark;
    }

    private ConsumedGeneration generation(long expiresAt) {
        long end = expiresAt - expiresAt % span + span - 1;
        return generations.computeIfAbsent(end, last -> new ConsumedGeneration(folder.file(PREFIX + "-" + last)));
    }

    private void forget(long now) {
        SortedMap<Long, ConsumedGeneration> over = generations.headMap(now);
        over.values().forEach(ConsumedGeneration::drop);
        over.clear();
    }

    synchronized int size() {
        return generations.values().stream().mapToInt(ConsumedGeneration::size).sum();
    }

    /** How many there is memory for just now. */
    synchronized int capacity() {
        return generations.values().stream()
                .mapToInt(ConsumedGeneration::capacity)
                .sum();
    }

    @Override
    public synchronized void close() {
        generations.values().forEach(ConsumedGeneration::close);
    }
}
