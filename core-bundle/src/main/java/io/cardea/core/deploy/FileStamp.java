package io.cardea.core.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** What tells whether a file is still the one that was looked at. */
record FileStamp(FileTime modified, long size, Optional<Object> key) {

    /** Absent when there is no such file. */
    static Optional<FileStamp> of(File file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file.toPath(), BasicFileAttributes.class);
            return Optional.of(
                    new FileStamp(found.lastModifiedTime(), found.size(), Optional.ofNullable(found.fileKey())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
