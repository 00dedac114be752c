package io.cardea.oauth;

import java.util.Locale;

/** Why a call failed: a code of RFC 6749 where one fits, one of Cardea's own where not. */
public enum OAuthError {
    /** The caller sent something that cannot be; for a callback: it belongs to no live login of this browser. */
    INVALID_REQUEST,
    /** The refresh token is not one that Cardea handed out (RFC 6749, section 5.2). */
    INVALID_GRANT,
    /** The person, or the provider for them, said no (RFC 6749, section 4.1.2.1). */
    ACCESS_DENIED,
    /** No provider of that name is here. */
    UNKNOWN_PROVIDER,
    /** The provider is here but cannot be used now; the description says why. */
    PROVIDER_UNAVAILABLE,
    /** Too much of this is under way; try again later. */
    TEMPORARILY_UNAVAILABLE,
    /** The provider answered with an error, or with something that is no answer. */
    PROVIDER_ERROR,
    /** The provider did not answer in time. */
    PROVIDER_TIMEOUT,
    /** No login with this identifier is under way, or it ended some time ago. */
    UNKNOWN_FLOW,
    /** There is no such connection. */
    NOT_CONNECTED,
    /** The provider no longer honours the connection; a person must log in again. */
    REAUTHORIZATION_REQUIRED,
    /** A fault of Cardea's own, such as a disk that cannot be written; the log has the details. */
    SERVER_ERROR;

    /** The code in JSON, such as {@code unknown_provider}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
