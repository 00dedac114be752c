package io.cardea.core.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whose a file in the deploy folder is, and whose it could become. */
final class Ownership {

    private Ownership() {}

    /**
     * Why nothing is taken from this file; absent when all is well. Code and secrets are taken from whoever owns the
     * folder, or the machine, and from nobody who could change them afterwards.
     */
    static Optional<String> objection(File file) {
        Path path = file.toPath().toAbsolutePath();
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            if (view == null) {
                return Optional.empty();
            }
            UserPrincipal owner = view.readAttributes().owner();
            if (!owner.equals(Files.getOwner(path.getParent()))
                    && !owner.getName().equals("root")) {
                return Optional.of("it belongs to another user than its folder (" + owner.getName() + ")");
            }
            return isWritableByOthers(view.readAttributes())
                    ? Optional.of("others may write it; run: chmod go-w " + path)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("it cannot be looked at (" + e.getMessage() + ")");
        }
    }

    /** Why nothing is taken from the folder of a file: who can write there can put another file in its place. */
    static Optional<String> folderObjection(Path file) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
            return view != null && isWritableByOthers(view.readAttributes())
                    ? Optional.of("others may write its folder; run: chmod go-w " + folder)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of("its folder cannot be looked at (" + e.getMessage() + ")");
        }
    }

    private static boolean isWritableByOthers(PosixFileAttributes attributes) {
        Set<PosixFilePermission> permissions = attributes.permissions();
        return permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE);
    }
}
