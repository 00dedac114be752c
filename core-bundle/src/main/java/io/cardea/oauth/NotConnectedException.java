package io.cardea.oauth;

import java.util.Optional;

/** There is no such connection: a person must log in first. */
public final class NotConnectedException extends OAuthException {

    private static final long serialVersionUID = 1L;

    private final transient ConnectionKey key;

    public NotConnectedException(ConnectionKey key) {
        super(
                OAuthError.NOT_CONNECTED,
                Optional.of(key.provider()),
                "There is no connection " + key + ". Log in first.");
        this.key = key;
    }

    /** The connection that a login must be made for. */
    public ConnectionKey key() {
        return key;
    }
}
