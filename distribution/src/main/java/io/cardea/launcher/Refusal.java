package io.cardea.launcher;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A start that cannot be, told in one line that a user can act on. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }

    /** What the deepest cause of {@code failure} says, in one line. */
    static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        if (deepest instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (deepest instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        // Others of its kind give the path for a message, which every caller names anyway.
        String message = deepest instanceof FileSystemException failed ? failed.getReason() : deepest.getMessage();
        String text = message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
        return text.strip().replaceAll("\\s+", " ");
    }
}
