package io.cardea.core.access;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A key that was made for a program, seen without the key itself.
 *
 * @param name what people know it by, matching {@code [A-Za-z0-9][A-Za-z0-9._@-]{0,63}}
 * @param providers the providers whose credentials it opens; empty for all, those that come later included
 * @param actions what may be done with it, of {@link #ACTIONS}; empty for everything
 * @param createdAt when it was made
 */
public record ApiKey(String name, Set<String> providers, Set<String> actions, Instant createdAt) {

    /** What a key can be limited to. */
    public static final List<String> ACTIONS = List.of("login", "refresh", "revoke", "token", "connections", "events");

    public ApiKey {
        providers = Set.copyOf(providers);
        actions = Set.copyOf(actions);
    }
}
