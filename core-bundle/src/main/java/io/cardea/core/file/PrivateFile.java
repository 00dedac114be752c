package io.cardea.core.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;

/** A small file that is for Cardea's user alone, such as a key. */
public final class PrivateFile {

    private final PrivateFolder folder;
    private final String name;
    private final boolean folderIsOurs;

    /** The file {@code data/folder/name}. */
    public PrivateFile(Path data, String folder, String name) {
        this(new PrivateFolder(data, folder), name, true);
    }

    PrivateFile(PrivateFolder folder, String name, boolean folderIsOurs) {
        this.folder = folder;
        this.name = name;
        this.folderIsOurs = folderIsOurs;
    }

    /** A file in a folder that others may look into, such as one for the secrets of several programs. */
    public static PrivateFile elsewhere(Path data, Path file) {
        Path whole = file.toAbsolutePath();
        Path folder = Objects.requireNonNull(whole.getParent(), "a file has a folder");
        return new PrivateFile(
                new PrivateFolder(data, folder, PrivateFolder.Steps.ALL_WELL),
                String.valueOf(whole.getFileName()),
                false);
    }

    /** The data folder that the framework was started with: {@code CARDEA_DATA}, or {@code data}. */
    public static Path data(BundleContext context) {
        @Nullable String folder = context.getProperty("CARDEA_DATA");
        return Path.of(folder == null || folder.isBlank() ? "data" : folder);
    }

    public Path path() {
        return folder.path().resolve(name);
    }

    public boolean exists() {
        return folder.exists(name);
    }

    /** The content; throws as {@link PrivateFolder#read} does. */
    public byte[] read() throws IOException {
        prepare();
        return folder.read(name);
    }

    private void prepare() throws IOException {
        if (folderIsOurs) {
            folder.prepare();
        }
    }

    /** Removes what was being written when a process ended, in a folder that is ours alone. */
    public void sweep() throws IOException {
        if (folderIsOurs) {
            folder.prepare();
            folder.sweep();
        }
    }

    /**
     * The content; where there is no such file yet, it is made first.
     *
     * @throws IOException also when others may read or write the file or its folder, when one belongs to another user
     *     than the data folder, or is a symbolic link
     */
    public byte[] readOrMake(Supplier<byte[]> fresh) throws IOException {
        prepare();
        if (!exists()) {
            folder.write(name, fresh.get());
        }
        return folder.read(name);
    }

    /** Replaces the content, durably; see {@link PrivateFolder#write}. */
    public void write(byte[] content) throws IOException {
        prepare();
        folder.write(name, content);
    }

    /** Opens the file for reading and writing; where there is none, it is made empty. Throws as the others do. */
    public RandomAccessFile openOrMake() throws IOException {
        prepare();
        if (!exists()) {
            folder.write(name, new byte[0]);
        }
        folder.requirePrivate(path());
        return new RandomAccessFile(path().toFile(), "rw");
    }
}
