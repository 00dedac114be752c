package io.cardea.provider.playground.server;

/**
 * A request was refused. The code is one of RFC 6749 (sections 4.1.2.1 and 5.2), RFC 6750, RFC 7009, RFC 8628 or OpenID
 * Connect; the message is for people and never holds a code, a token or a secret.
 */
public final class OAuthError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    public OAuthError(int status, String error, String description) {
        super(description);
        this.status = status;
        this.error = error;
    }

    static OAuthError of(String error, String description) {
        return new OAuthError(400, error, description);
    }

    public static OAuthError invalidRequest(String description) {
        return of("invalid_request", description);
    }

    static OAuthError invalidGrant(String description) {
        return of("invalid_grant", description);
    }

    static OAuthError invalidClient(String description) {
        return new OAuthError(401, "invalid_client", description);
    }

    /** The HTTP status that goes with it. */
    public int status() {
        return status;
    }

    public String error() {
        return error;
    }

    public String description() {
        return String.valueOf(getMessage());
    }
}
