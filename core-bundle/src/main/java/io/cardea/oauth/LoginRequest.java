package io.cardea.oauth;

import java.util.List;
import java.util.Optional;

/**
 * A wish to log in.
 *
 * @param key the provider, and the connection that is to hold the credential
 * @param scopes what to ask for; empty for the provider's default
 * @param returnTo where the browser goes afterwards, a path on this origin; absent for the success page
 * @param redirectUri the callback's URL, from configuration alone
 */
public record LoginRequest(ConnectionKey key, List<String> scopes, Optional<String> returnTo, String redirectUri) {

    public LoginRequest {
        scopes = List.copyOf(scopes);
    }
}
