package io.cardea.oauth;

import java.util.Optional;

/** A connection that the provider no longer honours, or that cannot be renewed: a person must log in again. */
public final class ReauthorizationRequiredException extends OAuthException {

    private static final long serialVersionUID = 1L;

    private final transient ConnectionKey key;

    public ReauthorizationRequiredException(ConnectionKey key, String description) {
        super(OAuthError.REAUTHORIZATION_REQUIRED, Optional.of(key.provider()), description);
        this.key = key;
    }

    /** The connection that a login must be made for. */
    public ConnectionKey key() {
        return key;
    }
}
