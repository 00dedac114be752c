package io.cardea.provider.playground.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;

/**
 * A small OAuth 2.0 and OpenID Connect authorization server (RFC 6749, 6750, 7009, 7636, 8414, 8628, 9207) whose whole
 * state is in memory. It is honest: what a good server refuses, it refuses.
 */
public final class AuthorizationServer {

    private final Endpoints endpoints;
    private final Clients clients;
    private final AuthorizationEndpoint authorization;
    private final TokenEndpoint token;
    private final RevocationEndpoint revocation;
    private final DeviceAuthorizations devices;
    private final UserinfoEndpoint userinfo;
    private final IdTokens idTokens;

    /**
     * Makes a server for these clients and {@link Person#ALL everybody}, without any grant yet.
     *
     * @param endpoints as browsers see them
     * @param accessTokenLifetime how long an access token lives
     * @param pollInterval how long a client waits between two polls (RFC 8628, section 3.2)
     */
    public AuthorizationServer(
            Endpoints endpoints,
            Collection<Client> registered,
            Duration accessTokenLifetime,
            Duration pollInterval,
            InstantSource clock) {
        Grants grants = new Grants(clock);
        this.endpoints = endpoints;
        this.clients = new Clients(registered);
        this.idTokens = new IdTokens(endpoints.base(), clock);
        this.authorization = new AuthorizationEndpoint(endpoints.base(), clients, grants);
        this.devices = new DeviceAuthorizations(endpoints.device(), pollInterval, grants, clock);
        this.token = new TokenEndpoint(grants, devices, idTokens, accessTokenLifetime);
        this.revocation = new RevocationEndpoint(grants);
        this.userinfo = new UserinfoEndpoint(grants);
    }

    public Clients clients() {
        return clients;
    }

    public AuthorizationEndpoint authorization() {
        return authorization;
    }

    public TokenEndpoint token() {
        return token;
    }

    public RevocationEndpoint revocation() {
        return revocation;
    }

    public DeviceAuthorizations devices() {
        return devices;
    }

    public UserinfoEndpoint userinfo() {
        return userinfo;
    }

    public IdTokens idTokens() {
        return idTokens;
    }

    public Map<String, Object> metadata() {
        return endpoints.metadata();
    }
}
