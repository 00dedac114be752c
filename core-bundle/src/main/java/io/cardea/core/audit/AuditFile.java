package io.cardea.core.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.cardea.core.file.PrivateFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A file that only ever grows, for Cardea's user alone. When it is large, it moves out of the way, in place of the one
 * before it, and another begins. It is opened for each line, so that it may be taken away while Cardea runs.
 */
final class AuditFile {

    private final PrivateFolder folder;
    private final Path file;
    private final Path before;
    private final long largest;

    /** @param largest how many bytes it may have */
    AuditFile(Path folder, String name, long largest) {
        this.folder = new PrivateFolder(folder, "");
        this.file = folder.resolve(name);
        this.before = folder.resolve(name + ".1");
        this.largest = largest;
    }

    /** @throws IOException when there is a file that others may read or write, another user's, or a symbolic link */
    void requirePrivate() throws IOException {
        if (Files.exists(file, NOFOLLOW_LINKS)) {
            folder.requirePrivate(file);
        }
    }

    /**
     * Adds a line, wholly or not at all.
     *
     * @throws IOException also when others may read or write the file, or when it belongs to another user than its folder
     */
    void append(byte[] line) throws IOException {
        if (size() + line.length > largest) {
            Files.move(file, before, StandardCopyOption.ATOMIC_MOVE);
        }
        if (Files.notExists(folder.path())) {
            folder.prepare();
        }
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND,
                        // Or somebody could have another file written to.
                        NOFOLLOW_LINKS),
                PrivateFolder.fileMode())) {
            folder.requirePrivate(file);
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
}
