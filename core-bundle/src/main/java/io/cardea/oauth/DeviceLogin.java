package io.cardea.oauth;

import java.time.Instant;
import java.util.Optional;

/**
 * A login that a person completes on another device (RFC 8628, section 3.2).
 *
 * @param flow names this login for {@link Flows#status}
 * @param userCode what the person enters
 * @param verificationUri where the person enters it
 * @param verificationUriComplete the same with the code in it; absent where the server gives none
 * @param expiresAt until when
 * @param interval how many seconds pass between two polls, at least
 */
public record DeviceLogin(
        String flow,
        String userCode,
        String verificationUri,
        Optional<String> verificationUriComplete,
        Instant expiresAt,
        int interval) {

    /** Without the codes, which admit whoever enters them first. */
    @Override
    public String toString() {
        return "DeviceLogin[verificationUri=" + verificationUri + ", expiresAt=" + expiresAt + "]";
    }
}
