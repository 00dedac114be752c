package io.cardea.oauth.provider;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A provider did not do what it was asked. {@link #error()} is the authorization server's own code where it gave one
 * (RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1, RFC 8628 section 3.5), or one of the constants here. The
 * message is for people; it never holds a code, a token or a secret.
 */
public class ProviderException extends RuntimeException {

    /** The provider cannot do this at all. */
    public static final String UNSUPPORTED = "unsupported";
    /** The authorization server could not be reached or answered with something that is no OAuth answer. */
    public static final String PROVIDER_ERROR = "provider_error";
    /** No connection to the authorization server could be made: it has seen nothing of the request. */
    public static final String UNREACHABLE = "unreachable";
    /** The authorization server is busy, or is being maintained, and has not looked at the request (RFC 6749, 4.1.2.1). */
    public static final String TEMPORARILY_UNAVAILABLE = "temporarily_unavailable";
    /** The authorization server did not answer in time. */
    public static final String PROVIDER_TIMEOUT = "provider_timeout";

    private static final long serialVersionUID = 1L;
    // A server's mistake must not keep anybody away for days.
    private static final long LONGEST_RETRY_AFTER = 3600;

    private final String error;
    private final long retryAfter;

    public ProviderException(String error, String description) {
        this(error, description, 0);
    }

    /** @param retryAfter the seconds that the authorization server wants to be left alone (RFC 9110, section 10.2.3) */
    public ProviderException(String error, String description, long retryAfter) {
        super(description);
        this.error = Objects.requireNonNull(error);
        this.retryAfter = Math.min(retryAfter, LONGEST_RETRY_AFTER);
    }

    public ProviderException(String error, String description, Throwable cause) {
        super(description, cause);
        this.error = Objects.requireNonNull(error);
        this.retryAfter = 0;
    }

    /** The error code, such as {@code invalid_grant}. */
    public final String error() {
        return error;
    }

    /** The seconds that the authorization server wants to be left alone, an hour at most; absent where it told none. */
    public final OptionalLong retryAfter() {
        return retryAfter > 0 ? OptionalLong.of(retryAfter) : OptionalLong.empty();
    }
}
