package io.cardea.oauth;

import java.util.Locale;

/** How a connection stands. */
public enum ConnectionState {
    /** Its access token is valid, or nobody knows when it ends. */
    ACTIVE,
    /** A new access token is being fetched. */
    REFRESHING,
    /** Its access token has ended; the next one who asks has it refreshed. */
    EXPIRED,
    /** The provider no longer honours it: a person must log in again. */
    REAUTHORIZATION_REQUIRED,
    /** Its access token has ended, and the provider that could renew it is not here. */
    PROVIDER_UNAVAILABLE;

    /** The state in JSON, such as {@code active}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
