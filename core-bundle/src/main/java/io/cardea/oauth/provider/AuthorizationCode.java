package io.cardea.oauth.provider;

import java.util.Optional;

/**
 * A code that came back from the authorization server, with all that the token request needs (RFC 6749, section 4.1.3).
 *
 * @param code the authorization code
 * @param state the login's {@code state}, for the few servers that want it repeated in the token request
 * @param redirectUri equal, byte by byte, to the one of the authorization request
 * @param codeVerifier the PKCE code verifier (RFC 7636, section 4.1); absent where the request had no challenge
 */
public record AuthorizationCode(String code, String state, String redirectUri, Optional<String> codeVerifier) {

    /** Without code, state and verifier. */
    @Override
    public String toString() {
        return "AuthorizationCode[redirectUri=" + redirectUri + "]";
    }
}
