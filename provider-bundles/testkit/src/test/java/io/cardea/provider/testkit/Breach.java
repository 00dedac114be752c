package io.cardea.provider.testkit;

import io.cardea.oauth.provider.OAuthProvider;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A provider that breaks the contract in one way.
 *
 * @param check which sentence it breaks
 * @param words what the verdict must say
 * @param servers what it is tried against
 * @param providers makes it
 */
record Breach(
        String check,
        String words,
        Supplier<? extends AuthorizationServer> servers,
        Function<Map<String, Object>, ? extends OAuthProvider> providers) {

    static Breach of(String check, String words, Function<Map<String, Object>, ? extends OAuthProvider> providers) {
        return new Breach(check, words, AuthorizationServer::new, providers);
    }

    Breach before(Supplier<? extends AuthorizationServer> others) {
        return new Breach(check, words, others, providers);
    }
}
