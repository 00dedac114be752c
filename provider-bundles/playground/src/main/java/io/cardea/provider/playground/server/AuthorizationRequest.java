package io.cardea.provider.playground.server;

import java.util.List;
import java.util.Optional;

/**
 * A client's request that a person let it in, checked (RFC 6749, section 4.1.1).
 *
 * @param redirectUri the client's registered one
 * @param state what the client wants back unchanged
 * @param codeChallenge S256 (RFC 7636, section 4.2)
 * @param nonce what the client wants to find in the ID token
 */
public record AuthorizationRequest(
        Client client,
        String redirectUri,
        List<String> scopes,
        Optional<String> state,
        String codeChallenge,
        Optional<String> nonce) {

    public AuthorizationRequest {
        scopes = List.copyOf(scopes);
    }

    /** Without state and nonce. */
    @Override
    public String toString() {
        return "AuthorizationRequest[" + client.id() + ", scopes=" + scopes + "]";
    }
}
