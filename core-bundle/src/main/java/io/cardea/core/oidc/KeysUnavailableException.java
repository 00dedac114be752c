package io.cardea.core.oidc;

import io.cardea.oauth.provider.ProviderException;

/** Nothing can be said of an ID token, for the issuer's keys cannot be had now. */
public final class KeysUnavailableException extends ProviderException {

    private static final long serialVersionUID = 1L;

    KeysUnavailableException(Throwable cause) {
        super(PROVIDER_ERROR, "the keys of the ID token cannot be had", cause);
    }
}
