package io.cardea.provider.testkit;

/** What a server has against a request: the error code of its answer, and the reason in words for whoever reads a test. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String error;

    /**
     * @param error a code of RFC 6749, section 5.2, or of its relatives
     * @param reason a sentence
     */
    public Refusal(String error, String reason) {
        super(reason);
        this.error = error;
    }

    /** The error code by its name in the RFCs; what a service calls it instead, {@link AuthorizationServer#error} says. */
    public String error() {
        return error;
    }

    /** Why, as a sentence. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
