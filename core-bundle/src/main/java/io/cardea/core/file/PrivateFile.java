package io.cardea.core.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** A small file in the data folder that is for Cardea's user alone, such as a key. */
public final class PrivateFile {

    private final PrivateFolder folder;
    private final Path file;

    /** The file {@code data/folder/name}. */
    public PrivateFile(Path data, String folder, String name) {
        this(new PrivateFolder(data, folder), name);
    }

    PrivateFile(PrivateFolder folder, String name) {
        this.folder = folder;
        this.file = folder.path().resolve(name);
    }

    /** The data folder that the framework was started with: {@code CARDEA_DATA}, or {@code data}. */
    public static Path data(BundleContext context) {
        @Nullable String folder = context.getProperty("CARDEA_DATA");
        return Path.of(folder == null || folder.isBlank() ? "data" : folder);
    }

    public Path path() {
        return file;
    }

    /**
     * The content; where there is no such file yet, it is made first.
     *
     * @throws IOException also when others may read or write the file or its folder, when one belongs to another user
     *     than the data folder, or is a symbolic link
     */
    public byte[] readOrMake(Supplier<byte[]> fresh) throws IOException {
        folder.prepare();
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            make(fresh.get());
        }
        folder.requirePrivate(file);
        return Files.readAllBytes(file);
    }

    /** Opens the file for reading and writing; where there is none, it is made empty. Throws as the other does. */
    public RandomAccessFile openOrMake() throws IOException {
        folder.prepare();
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            make(new byte[0]);
        }
        folder.requirePrivate(file);
        return new RandomAccessFile(file.toFile(), "rw");
    }

    /** Complete under another name first, so that nobody ever reads half a key. */
    private void make(byte[] content) throws IOException {
        Path fresh = Files.createTempFile(
                folder.path(), file.getFileName().toString(), ".tmp", PrivateFolder.mode("rw-------"));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
