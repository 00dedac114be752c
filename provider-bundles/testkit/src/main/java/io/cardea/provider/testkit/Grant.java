package io.cardea.provider.testkit;

import java.util.List;
import java.util.Optional;

/** What a person has allowed the client. When it ends, all of its tokens are dead. */
public final class Grant {

    private final List<String> scopes;
    private final Optional<String> nonce;
    private volatile boolean ended;

    Grant(List<String> scopes, Optional<String> nonce) {
        this.scopes = List.copyOf(scopes);
        this.nonce = nonce;
    }

    /** What was allowed. */
    public List<String> scopes() {
        return scopes;
    }

    /** What the ID token must repeat. */
    public Optional<String> nonce() {
        return nonce;
    }

    /** Whether its tokens are still good. */
    public boolean isAlive() {
        return !ended;
    }

    /** Ends it, with all of its tokens. */
    public void end() {
        ended = true;
    }
}
