package io.cardea.oauth;

import java.time.Duration;
import java.util.Optional;

/**
 * A login, a refresh or a revocation failed. The message is for people and holds no code, token or secret. The fields
 * are those of an error answer of RFC 6749, section 5.2.
 */
public class OAuthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final OAuthError error;
    private final transient Optional<String> provider;
    private final transient Optional<Duration> retryAfter;

    public OAuthException(OAuthError error, Optional<String> provider, String description) {
        super(description);
        this.error = error;
        this.provider = provider;
        this.retryAfter = Optional.empty();
    }

    public OAuthException(OAuthError error, Optional<String> provider, String description, Throwable cause) {
        this(error, provider, description, cause, Optional.empty());
    }

    public OAuthException(
            OAuthError error,
            Optional<String> provider,
            String description,
            Throwable cause,
            Optional<Duration> retryAfter) {
        super(description, cause);
        this.error = error;
        this.provider = provider;
        this.retryAfter = retryAfter;
    }

    /** What kind of failure it is. */
    public OAuthError error() {
        return error;
    }

    /** The provider it happened with; absent where there is none. */
    public Optional<String> provider() {
        return provider;
    }

    /** How long the same call cannot succeed; absent where nobody knows. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
