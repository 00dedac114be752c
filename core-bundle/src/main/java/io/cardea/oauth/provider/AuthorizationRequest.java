package io.cardea.oauth.provider;

import java.util.List;
import java.util.Optional;

/**
 * What Cardea decided for one login (RFC 6749, section 4.1.1).
 *
 * @param state unguessable, binds the answer to this login
 * @param redirectUri where the browser is to come back
 * @param scopes what is asked for; empty for the server's own default
 * @param codeChallenge the S256 code challenge (RFC 7636, section 4.2); absent only for a provider that does not
 *     support PKCE
 * @param nonce unguessable, binds the ID token to this login (OpenID Connect Core, section 3.1.2.1); to be sent where
 *     {@code openid} is among the scopes, and of no use elsewhere
 */
public record AuthorizationRequest(
        String state, String redirectUri, List<String> scopes, Optional<String> codeChallenge, String nonce) {

    public AuthorizationRequest {
        scopes = List.copyOf(scopes);
    }

    /** Without {@code state} and {@code nonce}. */
    @Override
    public String toString() {
        return "AuthorizationRequest[redirectUri=" + redirectUri + ", scopes=" + scopes + "]";
    }
}
