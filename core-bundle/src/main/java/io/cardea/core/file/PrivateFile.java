package io.cardea.core.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** A small file in the data folder that is for Cardea's user alone, such as a key. */
public final class PrivateFile {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path data;
    private final Path folder;
    private final Path file;

    /** The file {@code data/folder/name}. */
    public PrivateFile(Path data, String folder, String name) {
        this.data = data;
        this.folder = data.resolve(folder);
        this.file = this.folder.resolve(name);
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
        prepare();
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            make(fresh.get());
        }
        requirePrivate(file);
        return Files.readAllBytes(file);
    }

    /** Opens the file for reading and writing; where there is none, it is made empty. Throws as the other does. */
    public RandomAccessFile openOrMake() throws IOException {
        prepare();
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            make(new byte[0]);
        }
        requirePrivate(file);
        return new RandomAccessFile(file.toFile(), "rw");
    }

    private void prepare() throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, mode("rwx------"));
        }
        requirePrivate(folder);
    }

    /** Complete under another name first, so that nobody ever reads half a key. */
    private void make(byte[] content) throws IOException {
        Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".tmp", mode("rw-------"));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] mode(String mode) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private void requirePrivate(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new IOException(path + " is a symbolic link");
        }
        if (!POSIX) {
            return;
        }
        if (!Files.getOwner(path).equals(Files.getOwner(data))) {
            throw new IOException(path + " belongs to another user than " + data);
        }
        for (PosixFilePermission permission : Files.getPosixFilePermissions(path)) {
            if (!permission.name().startsWith("OWNER_")) {
                throw new IOException("others may read or write " + path + "; run: chmod go-rwx " + path);
            }
        }
    }
}
