package io.cardea.core.vault;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.cardea.core.file.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Set;

/** A folder that is used by one process alone, until that lets go of it or dies. */
final class FolderLock implements AutoCloseable {

    // Not one of the folder's files: those do not begin with a dot.
    private static final String NAME = ".lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException also when another process has it */
    static FolderLock of(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve(NAME), Set.of(CREATE, WRITE), PrivateFolder.fileMode());
        try {
            if (channel.tryLock() == null) {
                throw new IOException("another process uses it");
            }
            return new FolderLock(channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("it is used by this process already", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
