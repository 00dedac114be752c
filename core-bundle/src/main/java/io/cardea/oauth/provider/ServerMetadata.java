package io.cardea.oauth.provider;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * An authorization server's endpoints, by the names of RFC 8414 section 2. Each is absent where the server has none.
 *
 * @param issuer the issuer identifier, compared byte by byte
 * @param jwksUri where the keys are that ID tokens are signed with; with it and an issuer, every ID token is validated
 * @param authorizationResponseIssParameterSupported whether every answer of the authorization endpoint says in {@code
 *     iss} who gives it (RFC 9207); then one without is refused
 */
public record ServerMetadata(
        Optional<String> issuer,
        Optional<URI> authorizationEndpoint,
        Optional<URI> tokenEndpoint,
        Optional<URI> revocationEndpoint,
        Optional<URI> userinfoEndpoint,
        Optional<URI> deviceAuthorizationEndpoint,
        Optional<URI> jwksUri,
        boolean authorizationResponseIssParameterSupported) {

    /** @throws NullPointerException naming what is null */
    public ServerMetadata {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(authorizationEndpoint, "authorizationEndpoint");
        Objects.requireNonNull(tokenEndpoint, "tokenEndpoint");
        Objects.requireNonNull(revocationEndpoint, "revocationEndpoint");
        Objects.requireNonNull(userinfoEndpoint, "userinfoEndpoint");
        Objects.requireNonNull(deviceAuthorizationEndpoint, "deviceAuthorizationEndpoint");
        Objects.requireNonNull(jwksUri, "jwksUri");
    }

    /** This metadata, completed by another's where it says nothing itself. */
    public ServerMetadata or(ServerMetadata other) {
        return new ServerMetadata(
                issuer.or(other::issuer),
                authorizationEndpoint.or(other::authorizationEndpoint),
                tokenEndpoint.or(other::tokenEndpoint),
                revocationEndpoint.or(other::revocationEndpoint),
                userinfoEndpoint.or(other::userinfoEndpoint),
                deviceAuthorizationEndpoint.or(other::deviceAuthorizationEndpoint),
                jwksUri.or(other::jwksUri),
                authorizationResponseIssParameterSupported || other.authorizationResponseIssParameterSupported);
    }

    /** This metadata of a server that always says in {@code iss} who answers. */
    public ServerMetadata withIssuerInAuthorizationResponse() {
        return new ServerMetadata(
                issuer,
                authorizationEndpoint,
                tokenEndpoint,
                revocationEndpoint,
                userinfoEndpoint,
                deviceAuthorizationEndpoint,
                jwksUri,
                true);
    }
}
