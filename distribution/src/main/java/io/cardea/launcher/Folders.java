package io.cardea.launcher;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The folders whose access decides about secrets and about code that runs. They are made with the right modes, and
 * refused when someone widened them, when another user owns them, or when a symbolic link stands in their place.
 */
final class Folders {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FOREIGN_ACCESS = EnumSet.complementOf(EnumSet.copyOf(PRIVATE));
    private static final Set<PosixFilePermission> FOREIGN_WRITE = EnumSet.of(GROUP_WRITE, OTHERS_WRITE);

    private final long user;

    Folders() {
        this(new UnixSystem().getUid());
    }

    /** For a process that runs as the user with the id {@code user}. */
    Folders(long user) {
        this.user = user;
    }

    /** Makes the folders that are missing and refuses those that are not safe. */
    void prepare(Settings settings) {
        Path data = settings.data();
        privateFolder(data);
        privateFolder(data.resolve("log"));
        privateFolder(data.resolve("cache"));
        privateFolder(data.resolve("cache").resolve("jvm"));
        privateFiles(data.resolve("keys"));
        privateFiles(data.resolve("vault"));
        privateFile(data.resolve("audit.log"));
        privateFile(data.resolve("audit.log.1"));
        if (Files.exists(settings.secrets(), NOFOLLOW_LINKS)) {
            requirePrivate(settings.secrets());
        }
        deployFolder(settings.deploy());
    }

    /** Mode 700: state, logs, secrets. */
    void privateFolder(Path folder) {
        create(folder, PRIVATE);
        requirePrivate(folder);
    }

    /** Mode 600 for each file in it, if the folder is there. */
    void privateFiles(Path folder) {
        if (!Files.exists(folder, NOFOLLOW_LINKS)) {
            return;
        }
        requirePrivate(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                privateFile(file);
            }
        } catch (IOException e) {
            throw new Refusal("Cannot read " + folder + ": " + Refusal.reason(e), e);
        }
    }

    private void privateFile(Path file) {
        if (Files.exists(file, NOFOLLOW_LINKS)) {
            requireOwn(file, FOREIGN_ACCESS, "is open to others", "chmod 600");
        }
    }

    /** Mode 755 at most: whoever can write here decides which code runs. */
    void deployFolder(Path folder) {
        create(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        requireFolder(folder, FOREIGN_WRITE, "can be written by others", "chmod go-w");
    }

    private void requirePrivate(Path folder) {
        requireFolder(folder, FOREIGN_ACCESS, "is open to others", "chmod 700");
    }

    private void requireFolder(Path folder, Set<PosixFilePermission> forbidden, String fault, String remedy) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new Refusal(folder + " is not a folder");
        }
        requireOwn(folder, forbidden, fault, remedy);
    }

    private void requireOwn(Path path, Set<PosixFilePermission> forbidden, String fault, String remedy) {
        try {
            if (Files.isSymbolicLink(path)) {
                throw new Refusal(path + " is a symbolic link; name what it leads to instead: " + path.toRealPath());
            }
            if (((Integer) Files.getAttribute(path, "unix:uid", NOFOLLOW_LINKS)).longValue() != user) {
                throw new Refusal(path + " belongs to "
                        + Files.getOwner(path, NOFOLLOW_LINKS).getName() + "; mend it with: chown -R "
                        + user + " " + quoted(path));
            }
            Set<PosixFilePermission> modes = Files.getPosixFilePermissions(path, NOFOLLOW_LINKS);
            if (!Collections.disjoint(modes, forbidden)) {
                throw new Refusal(path + " " + fault + " (" + PosixFilePermissions.toString(modes) + "); mend it with: "
                        + remedy + " " + quoted(path));
            }
        } catch (IOException e) {
            throw new Refusal("Cannot look at " + path + ": " + Refusal.reason(e), e);
        }
    }

    private static void create(Path folder, Set<PosixFilePermission> modes) {
        FileAttribute<Set<PosixFilePermission>> attribute = PosixFilePermissions.asFileAttribute(modes);
        try {
            Path parent = folder.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(folder, attribute);
        } catch (FileAlreadyExistsException e) {
            return; // It was there before; whether it is safe is looked at next.
        } catch (IOException e) {
            throw new Refusal("Cannot create " + folder + ": " + Refusal.reason(e), e);
        }
    }

    private static String quoted(Path folder) {
        String text = folder.toString();
        return text.matches("[A-Za-z0-9/._+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
