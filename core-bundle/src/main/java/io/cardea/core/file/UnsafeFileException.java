package io.cardea.core.file;

import java.io.IOException;

/** A file or folder that others can reach, and that must not be used before that is mended. */
public final class UnsafeFileException extends IOException {

    private static final long serialVersionUID = 1L;

    UnsafeFileException(String message) {
        super(message);
    }
}
