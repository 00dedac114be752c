package io.cardea.launcher;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The one runtime that owns a data folder. The lock on data/lock is the truth, for the operating system releases it
 * however the process ends; data/running tells who holds it.
 */
final class Instance implements AutoCloseable {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MILLIS = 10;

    private final Path running;
    private final FileChannel channel;

    private Instance(Path running, FileChannel channel) {
        this.running = running;
        this.channel = channel;
    }

    /** What a runtime tells about itself: its process, and its public URL once it is ready. */
    record Owner(long pid, Optional<String> url) {}

    /** Takes the data folder for this process. */
    static Instance own(Path data) {
        try {
            FileChannel channel = FileChannel.open(data.resolve("lock"), CREATE, WRITE);
            if (!locked(channel)) {
                channel.close();
                throw alreadyRuns(data, owner(data));
            }
            Instance instance = new Instance(data.resolve("running"), channel);
            instance.tell(Optional.empty());
            return instance;
        } catch (IOException e) {
            throw new Refusal("Cannot lock " + data + ": " + Refusal.reason(e), e);
        }
    }

    /** The runtime that owns the data folder now, if one does. */
    static Optional<Owner> find(Path data) {
        try (FileChannel channel = FileChannel.open(data.resolve("lock"), WRITE)) {
            FileLock lock = channel.tryLock();
            return lock == null ? owner(data) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Refusal("Cannot look at " + data + ": " + Refusal.reason(e), e);
        }
    }

    /** Refuses a data folder that another runtime owns, without taking it. */
    static void refuseSecond(Path data) {
        Optional<Owner> owner = find(data);
        if (owner.isPresent()) {
            throw alreadyRuns(data, owner);
        }
    }

    private static Refusal alreadyRuns(Path data, Optional<Owner> owner) {
        return new Refusal("Cardea already runs with data folder " + data
                + owner.map(Instance::described).orElse(""));
    }

    /** Makes it known that the runtime is ready, and where. */
    void ready(String url) {
        tell(Optional.of(url));
    }

    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(running);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Someone who asks for the status holds the lock for a moment, hence several attempts. */
    private static boolean locked(FileChannel channel) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (channel.tryLock() != null) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private void tell(Optional<String> url) {
        try {
            Path temporary = running.resolveSibling("running.tmp");
            Files.writeString(temporary, ProcessHandle.current().pid() + "\n" + url.orElse("") + "\n");
            Files.move(temporary, running, ATOMIC_MOVE);
        } catch (IOException e) {
            throw new Refusal("Cannot write " + running + ": " + Refusal.reason(e), e);
        }
    }

    private static Optional<Owner> owner(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("running"));
            return Optional.of(new Owner(
                    Long.parseLong(lines.get(0)),
                    lines.stream().skip(1).filter(line -> !line.isBlank()).findFirst()));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static String described(Owner owner) {
        return " (pid " + owner.pid() + owner.url().map(url -> ", " + url).orElse("") + ")";
    }
}
