package io.cardea.launcher;

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
        String message = deepest.getMessage();
        String text = message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
        return text.strip().replaceAll("\\s+", " ");
    }
}
