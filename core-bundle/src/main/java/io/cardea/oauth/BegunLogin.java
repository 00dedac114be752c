package io.cardea.oauth;

import java.time.Duration;

/**
 * A login that waits for its callback.
 *
 * @param authorizationUrl where to send the browser
 * @param redirectUri where the browser will come back to: Cardea's own callback, or a port of this machine on which
 *     somebody must listen and hand over to that callback
 * @param id names this login among those of the browser; no secret
 * @param sealed the login itself, readable by Cardea alone; the browser must bring it back with the callback
 * @param lifetime how long it lives
 */
public record BegunLogin(String authorizationUrl, String redirectUri, String id, String sealed, Duration lifetime) {

    /** Without the URL, which holds {@code state}, and without the sealed login. */
    @Override
    public String toString() {
        return "BegunLogin[lifetime=" + lifetime + "]";
    }
}
