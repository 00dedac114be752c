package io.cardea.core.deploy;

/** A jar that is not deployed. The message says why, as a part of a sentence. */
final class RefusedJarException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What may help. */
    enum Remedy {
        /** Nothing but another jar, or whatever the message says. */
        ANOTHER_JAR,
        /** The rest of it, for it may be half copied. */
        THE_REST,
        /** Another bundle that comes or goes. */
        ANOTHER_BUNDLE
    }

    private final Remedy remedy;

    RefusedJarException(String message, Remedy remedy) {
        super(message);
        this.remedy = remedy;
    }

    RefusedJarException(String message, Remedy remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    Remedy remedy() {
        return remedy;
    }
}
