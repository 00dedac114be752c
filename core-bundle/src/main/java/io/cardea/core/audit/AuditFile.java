package io.cardea.core.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that only ever grows, for Cardea's user alone. When it is large, it moves out of the way, in place of the one
 * before it, and another begins. It is opened for each line, so that it may be taken away while Cardea runs.
 */
final class AuditFile {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path folder;
    private final Path file;
    private final Path before;
    private final long largest;

    /** @param largest how many bytes it may have */
    AuditFile(Path folder, String name, long largest) {
        this.folder = folder;
        this.file = folder.resolve(name);
        this.before = folder.resolve(name + ".1");
        this.largest = largest;
    }

    /**
     * Adds a line, wholly or not at all.
     *
     * @throws IOException also when others may read or write the file, when it belongs to another user than its folder,
     *     or is no file
     */
    void append(byte[] line) throws IOException {
        if (size() + line.length > largest) {
            Files.move(file, before, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.createDirectories(folder, mode("rwx------"));
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND,
                        // Or somebody could have another file written to.
                        NOFOLLOW_LINKS),
                mode("rw-------"))) {
            requirePrivate();
            long end = channel.size();
            try {
                ByteBuffer rest = ByteBuffer.wrap(line);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            } catch (IOException e) {
                // Half a line, on a full disk, would spoil the next one, too.
                channel.truncate(end);
                throw e;
            }
        }
    }

    private long size() throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
            return found.isRegularFile() ? found.size() : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static FileAttribute<?>[] mode(String mode) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private void requirePrivate() throws IOException {
        if (!POSIX) {
            return;
        }
        PosixFileAttributes found = Files.readAttributes(file, PosixFileAttributes.class, NOFOLLOW_LINKS);
        if (!found.isRegularFile() || !found.owner().equals(Files.getOwner(folder))) {
            throw new IOException(file + " is no file, or another user's");
        }
        for (PosixFilePermission permission : found.permissions()) {
            if (!permission.name().startsWith("OWNER_")) {
                throw new IOException("others may read or write " + file + "; run: chmod go-rwx " + file);
            }
        }
    }
}
