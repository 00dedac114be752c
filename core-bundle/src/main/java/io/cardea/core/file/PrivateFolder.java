package io.cardea.core.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A folder of small files that are for Cardea's user alone. A file that is written is there as a whole or not at all,
 * whatever happens meanwhile: complete under another name and on the disk, then renamed, then the folder is on the disk
 * too; only then the write returns.
 *
 * <p>Names must not begin with a dot: those that do are files that are being written.
 */
public final class PrivateFolder {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FOLDER_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final String UNFINISHED = ".tmp-";

    /** What a write and a removal consist of. */
    public enum Step {
        CREATE,
        WRITE,
        SYNC,
        RENAME,
        SYNC_FOLDER,
        DELETE
    }

    /** Told of each step before it is done: tests have it fail. */
    public interface Steps {

        /** Steps that do not fail by themselves. */
        Steps ALL_WELL = (step, file) -> {};

        /**
         * Called before a step.
         *
         * @throws IOException instead of the step
         */
        void before(Step step, Path file) throws IOException;
    }

    private final Path data;
    private final Path folder;
    private final Steps steps;

    /** The folder {@code data/name}; it must belong to the user whose the data folder is. */
    public PrivateFolder(Path data, String name) {
        this(data, data.resolve(name), Steps.ALL_WELL);
    }

    /** A folder whose steps are told. */
    public PrivateFolder(Path data, Path folder, Steps steps) {
        this.data = data;
        this.folder = folder;
        this.steps = steps;
    }

    public Path path() {
        return folder;
    }

    /** A file in it, which need not be there. */
    public PrivateFile file(String name) {
        return new PrivateFile(this, name, true);
    }

    /**
     * Makes the folder, if it is not there.
     *
     * @throws UnsafeFileException when others may read or write it, when it belongs to another user than the data folder,
     *     or is a symbolic link
     */
    public void prepare() throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, mode(FOLDER_MODE));
            setMode(folder, FOLDER_MODE);
        }
        requirePrivate(folder);
    }

    /** Removes what was being written when a process ended; nobody else may be writing. */
    public void sweep() throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
            for (Path file : unfinished) {
                Files.delete(file);
            }
        }
    }

    /** The names of all files, in no order. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    public boolean exists(String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** The content of a file. Throws as {@link #prepare} does, too, for that file. */
    public byte[] read(String name) throws IOException {
        Path file = folder.resolve(name);
        requirePrivate(file);
        return Files.readAllBytes(file);
    }

    /**
     * Writes a file in place of what was there, durably.
     *
     * @throws IOException when that failed: the file holds what it held before, unless the very last step failed, after
     *     which it holds the one or the other
     */
    public void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Path unfinished = folder.resolve(UNFINISHED
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
        try {
            steps.before(Step.CREATE, file);
            Files.createFile(unfinished, fileMode());
            setMode(unfinished, FILE_MODE);
            // No channel, which the first interrupted thread would close.
            try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
                steps.before(Step.WRITE, file);
                out.write(content);
                steps.before(Step.SYNC, file);
                out.getFD().sync();
            }
            steps.before(Step.RENAME, file);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        syncFolder(file);
    }

    /** Removes a file, durably; that there is none is no failure. */
    public void remove(String name) throws IOException {
        Path file = folder.resolve(name);
        steps.before(Step.DELETE, file);
        Files.deleteIfExists(file);
        syncFolder(file);
    }

    private void syncFolder(Path file) throws IOException {
        steps.before(Step.SYNC_FOLDER, file);
        if (!POSIX) {
            // Windows opens no folder; its file systems keep a journal of names.
            return;
        }
        boolean interrupted = false;
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    Thread.interrupted();
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What a file that is for the user alone is made with, where there are such modes. */
    public static FileAttribute<?>[] fileMode() {
        return mode(FILE_MODE);
    }

    private static FileAttribute<?>[] mode(Set<PosixFilePermission> mode) {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)} : new FileAttribute<?>[0];
    }

    /** The mode that something is made with is the most that it has; the user's mask may have taken from it. */
    private static void setMode(Path path, Set<PosixFilePermission> mode) throws IOException {
        if (POSIX) {
            Files.setPosixFilePermissions(path, mode);
        }
    }

    /**
     * Refuses what is not for this user alone.
     *
     * @throws UnsafeFileException when others may read or write it, when it is another user's, or a symbolic link
     */
    public void requirePrivate(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new UnsafeFileException(path + " is a symbolic link");
        }
        if (!POSIX) {
            return;
        }
        if (!Files.getOwner(path).equals(Files.getOwner(data))) {
            throw new UnsafeFileException(path + " belongs to another user than " + data);
        }
        for (PosixFilePermission permission : Files.getPosixFilePermissions(path)) {
            if (!permission.name().startsWith("OWNER_")) {
                throw new UnsafeFileException("others may read or write " + path + "; run: chmod go-rwx " + path);
            }
        }
    }
}
