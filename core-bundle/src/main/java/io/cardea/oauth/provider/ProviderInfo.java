package io.cardea.oauth.provider;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who a provider is and what it can do.
 *
 * @param name its name in URLs, matching {@code [a-z0-9][a-z0-9-]{0,62}}; the registry refuses any other
 * @param displayName its name for people
 * @param description one sentence for people; may be empty
 * @param clientId the client identifier Cardea has there (RFC 6749, section 2.2); absent until it is configured
 * @param scopes what is asked for unless a login asks for something else; empty for the server's own default
 * @param flows the ways to log in
 * @param supportsPkce whether logins are protected by PKCE with S256 (RFC 7636)
 * @param supportsRefresh whether {@link OAuthProvider#refresh} works
 * @param supportsRevocation whether {@link OAuthProvider#revoke} works
 * @param unavailable why no login is possible for now and what to do about it, as a sentence; absent when all is well
 */
public record ProviderInfo(
        String name,
        String displayName,
        String description,
        Optional<String> clientId,
        List<String> scopes,
        Set<Flow> flows,
        boolean supportsPkce,
        boolean supportsRefresh,
        boolean supportsRevocation,
        Optional<String> unavailable) {

    /** @throws NullPointerException naming what is null */
    public ProviderInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(displayName, "displayName");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(unavailable, "unavailable");
        scopes = List.copyOf(scopes);
        flows = Set.copyOf(flows);
    }

    /** This provider while no login is possible, for the reason given. */
    public ProviderInfo withUnavailable(String why) {
        return new ProviderInfo(
                name,
                displayName,
                description,
                clientId,
                scopes,
                flows,
                supportsPkce,
                supportsRefresh,
                supportsRevocation,
                Optional.of(why));
    }
}
