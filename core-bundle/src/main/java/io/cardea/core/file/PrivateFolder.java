package io.cardea.core.file;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A folder in the data folder that is for Cardea's user alone. */
public final class PrivateFolder {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path data;
    private final Path folder;

    /** The folder {@code data/name}. */
    public PrivateFolder(Path data, String name) {
        this.data = data;
        this.folder = data.resolve(name);
    }

    public Path path() {
        return folder;
    }

    /** A file in it, which need not be there. */
    public PrivateFile file(String name) {
        return new PrivateFile(this, name);
    }

    /**
     * What lies in it; where there is no such folder yet, it is made.
     *
     * @throws IOException also when others may read or write it, when it belongs to another user than the data folder,
     *     or is a symbolic link
     */
    public List<Path> content() throws IOException {
        prepare();
        try (Stream<Path> content = Files.list(folder)) {
            return content.toList();
        }
    }

    void prepare() throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, mode("rwx------"));
        }
        requirePrivate(folder);
    }

    static FileAttribute<?>[] mode(String mode) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    void requirePrivate(Path path) throws IOException {
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
