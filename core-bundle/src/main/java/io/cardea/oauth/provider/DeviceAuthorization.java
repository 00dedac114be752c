package io.cardea.oauth.provider;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A device authorization that waits for a person (RFC 8628, section 3.2).
 *
 * @param deviceCode secret, identifies the authorization to the server
 * @param userCode what the person enters
 * @param verificationUri where the person enters it
 * @param verificationUriComplete the same with the code in it; absent where the server gives none
 * @param expiresAt when both codes end
 * @param interval the least number of seconds between two polls
 */
public record DeviceAuthorization(
        String deviceCode,
        String userCode,
        String verificationUri,
        Optional<String> verificationUriComplete,
        Instant expiresAt,
        int interval) {

    /** @throws NullPointerException naming what is null */
    public DeviceAuthorization {
        Objects.requireNonNull(deviceCode, "deviceCode");
        Objects.requireNonNull(userCode, "userCode");
        Objects.requireNonNull(verificationUri, "verificationUri");
        Objects.requireNonNull(verificationUriComplete, "verificationUriComplete");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** Without the device code. */
    @Override
    public String toString() {
        return "DeviceAuthorization[verificationUri=" + verificationUri + ", expiresAt=" + expiresAt + "]";
    }
}
