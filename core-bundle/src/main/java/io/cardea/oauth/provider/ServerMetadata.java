package io.cardea.oauth.provider;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * An authorization server's endpoints, by the names of RFC 8414 section 2. Each is absent where the server has none.
 *
 * @param issuer the issuer identifier, compared byte by byte
 */
public record ServerMetadata(
        Optional<String> issuer,
        Optional<URI> authorizationEndpoint,
        Optional<URI> tokenEndpoint,
        Optional<URI> revocationEndpoint,
        Optional<URI> userinfoEndpoint,
        Optional<URI> deviceAuthorizationEndpoint) {

    /** @throws NullPointerException naming what is null */
    public ServerMetadata {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(authorizationEndpoint, "authorizationEndpoint");
        Objects.requireNonNull(tokenEndpoint, "tokenEndpoint");
        Objects.requireNonNull(revocationEndpoint, "revocationEndpoint");
        Objects.requireNonNull(userinfoEndpoint, "userinfoEndpoint");
        Objects.requireNonNull(deviceAuthorizationEndpoint, "deviceAuthorizationEndpoint");
    }
}
