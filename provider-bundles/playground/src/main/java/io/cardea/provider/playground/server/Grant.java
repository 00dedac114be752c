package io.cardea.provider.playground.server;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a person allowed a client. Codes and tokens point to their grant; when it ends, all of them are dead at once.
 */
final class Grant {

    private final Client client;
    private final Person person;
    private final List<String> scopes;
    private final Instant authenticatedAt;
    private final Optional<String> nonce;
    private volatile boolean ended;

    Grant(Client client, Person person, List<String> scopes, Instant authenticatedAt, Optional<String> nonce) {
        this.client = client;
        this.person = person;
        this.scopes = List.copyOf(scopes);
        this.authenticatedAt = authenticatedAt;
        this.nonce = nonce;
    }

    Client client() {
        return client;
    }

    Person person() {
        return person;
    }

    List<String> scopes() {
        return scopes;
    }

    /** When the person logged in ({@code auth_time} in OpenID Connect). */
    Instant authenticatedAt() {
        return authenticatedAt;
    }

    /** What the authorization request wants to find again in the ID token. */
    Optional<String> nonce() {
        return nonce;
    }

    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }
}
