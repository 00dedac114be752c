package io.cardea.provider.playground.server;

import java.util.List;
import java.util.Optional;

/** The scopes there are, and how they are asked for (RFC 6749, section 3.3). */
public final class Scopes {

    /** An ID token. */
    public static final String OPENID = "openid";
    /** Name and user name. */
    public static final String PROFILE = "profile";
    /** E-mail address. */
    public static final String EMAIL = "email";

    static final List<String> ALL = List.of(OPENID, PROFILE, EMAIL);
    private static final List<String> DEFAULT = List.of(PROFILE, EMAIL);

    private Scopes() {}

    /**
     * What a {@code scope} parameter asks for.
     *
     * @throws OAuthError {@code invalid_scope} when there is no such scope
     */
    static List<String> requested(Optional<String> scope) {
        return scope.map(text -> subset(text, ALL)).orElse(DEFAULT);
    }

    /**
     * What a {@code scope} parameter asks for, out of what was granted.
     *
     * @throws OAuthError {@code invalid_scope} when it asks for more
     */
    static List<String> narrowed(Optional<String> scope, List<String> granted) {
        return scope.map(text -> subset(text, granted)).orElse(granted);
    }

    private static List<String> subset(String text, List<String> allowed) {
        List<String> scopes = List.of(text.split(" ")).stream().distinct().toList();
        if (!allowed.containsAll(scopes)) {
            throw OAuthError.of("invalid_scope", "a scope is unknown or was not granted");
        }
        return scopes;
    }
}
