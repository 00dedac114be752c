package io.cardea.core.connection;

import io.cardea.oauth.OAuthException;

/** A refresh token was sent and has brought nothing; it may be spent all the same, and is not sent again at once. */
final class SentInVainException extends OAuthException {

    private static final long serialVersionUID = 1L;

    SentInVainException(OAuthException failure) {
        super(failure.error(), failure.provider(), String.valueOf(failure.getMessage()), failure, failure.retryAfter());
    }
}
