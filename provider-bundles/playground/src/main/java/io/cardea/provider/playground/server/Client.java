package io.cardea.provider.playground.server;

/**
 * A program that is registered here.
 *
 * @param id its {@code client_id}
 * @param name how people know it
 * @param secretHash {@link Secrets#hash} of its {@code client_secret}
 * @param redirectUri the one address to which its people are sent back
 */
public record Client(String id, String name, String secretHash, String redirectUri) {

    /** A client with the given secret. */
    public static Client of(String id, String name, String secret, String redirectUri) {
        return new Client(id, name, Secrets.hash(secret), redirectUri);
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return "Client[" + id + "]";
    }
}
