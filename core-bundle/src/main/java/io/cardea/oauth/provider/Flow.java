package io.cardea.oauth.provider;

import java.util.Locale;

/** A way to log in. */
public enum Flow {
    /** The browser is sent to the provider and comes back with a code (RFC 6749, section 4.1). */
    AUTHORIZATION_CODE,
    /** The person enters a short code on another device (RFC 8628). */
    DEVICE_CODE,
    /** As the authorization code, but the person copies the code from a page of the provider and pastes it. */
    MANUAL_CODE;

    /** The name used in JSON: {@code authorization_code}, {@code device_code}, {@code manual_code}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
