package io.cardea.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A file in {@code conf/secrets} of the distribution, for its user alone; gone when it is closed. */
final class SecretFile implements AutoCloseable {

    private static final Path FOLDER = Path.of(System.getProperty("cardea.distribution"), "conf/secrets");

    private final Path file;

    private SecretFile(Path file) {
        this.file = file;
    }

    static SecretFile written(String name, String content) {
        return written(name, content, "rw-------");
    }

    static SecretFile written(String name, String content, String mode) {
        Path file = FOLDER.resolve(name);
        // At once, or half of it could be read.
        Path whole = FOLDER.resolve(name + ".tmp");
        try {
            Files.deleteIfExists(whole);
            Files.createFile(whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(whole, content);
            Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString(mode));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new SecretFile(file);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
