package io.cardea.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.oauth.ApiKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The key of this machine's user: made at the first start, kept in {@code data/keys/api-key}, which nobody else may
 * read. It opens every door. In memory there is only its hash.
 */
@Component
public final class LocalApiKey implements ApiKeys {

    private static final int KEY_BYTES = 32;
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final byte[] hash;

    @Activate
    public LocalApiKey(BundleContext context) {
        this(Path.of(data(context.getProperty("CARDEA_DATA"))));
    }

    LocalApiKey(Path data) {
        Path folder = data.resolve("keys");
        Path file = folder.resolve("api-key");
        try {
            if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder, mode("rwx------"));
            }
            requirePrivate(folder, data);
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                make(folder, file);
            }
            requirePrivate(file, data);
            String key = Files.readString(file).trim();
            if (key.isEmpty()) {
                throw new IOException("it is empty; remove it, and the next start makes another");
            }
            this.hash = sha256(key);
        } catch (IOException e) {
            throw new UncheckedIOException("The API key " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static String data(@org.jspecify.annotations.Nullable String folder) {
        return folder == null || folder.isBlank() ? "data" : folder;
    }

    @Override
    public boolean accepts(String key, String provider, String action) {
        return MessageDigest.isEqual(hash, sha256(key));
    }

    /** Complete under another name first, so that nobody ever reads half a key. */
    private static void make(Path folder, Path file) throws IOException {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        String key = "cardea_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        Path fresh = Files.createTempFile(folder, "api-key", ".tmp", mode("rw-------"));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(key.getBytes(UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] mode(String mode) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    /** Refuses what others may read, or what is not of the owner of the data folder. */
    private static void requirePrivate(Path path, Path data) throws IOException {
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

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
