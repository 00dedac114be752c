package io.cardea.provider.testkit;

import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Providers that send the browser off wrongly. */
final class UrlBreaches {

    private static final String URL = "the authorization URL ";

    private UrlBreaches() {}

    static List<Breach> all() {
        return List.of(
                Breach.of(
                        URL + "is absolute and visible ASCII",
                        "The authorization URL is not absolute",
                        sending(url -> url.substring(url.indexOf("/authorize")))),
                Breach.of(
                        URL + "is absolute and visible ASCII",
                        "characters that are not visible ASCII",
                        sending(url -> url + "&to=K\u00f6ln")),
                Breach.of(
                        URL + "leads to the service",
                        "leads to https://acme.example/authorize and not to http://127.0.0.1:",
                        sending(url -> "https://acme.example/authorize" + url.substring(url.indexOf('?')))),
                Breach.of(URL + "asks for a code", "does not say response_type=code", without("response_type")),
                Breach.of(URL + "names the client", "does not have the client_id", without("client_id")),
                Breach.of(
                        URL + "has the state unchanged",
                        "The authorization URL has no state. Cardea could not tell whose answer comes back: put"
                                + " request.state() into it",
                        without("state")),
                Breach.of(
                        URL + "has the state unchanged",
                        "The authorization URL has another state than was asked for",
                        sending(url -> url.replace("%20", ""))),
                Breach.of(
                        URL + "has the state unchanged",
                        "cannot be read: The parameter state is there twice.",
                        sending(url -> url + "&state=mine")),
                Breach.of(
                        URL + "has the redirect URI unchanged",
                        "has another redirect_uri than was asked for",
                        changing((request, all) -> all.put("redirect_uri", request.redirectUri() + "#"))),
                Breach.of(URL + "has the code challenge unchanged", "has no code_challenge", without("code_challenge")),
                Breach.of(
                        URL + "has the code challenge unchanged",
                        "does not say code_challenge_method=S256",
                        changing((request, all) -> all.put("code_challenge_method", "plain"))),
                Breach.of(
                                URL + "has no code challenge where there is none",
                                "has a code_challenge, though info() says that PKCE is not supported",
                                configuration -> {
                                    configuration.put("pkce", "none");
                                    return changing((request, all) -> all.put("code_challenge", "made-up"))
                                            .apply(configuration);
                                })
                        .before(OldServer::new),
                Breach.of(
                        URL + "asks for the scopes of the login",
                        "asks for the scopes \"openid email\" where scope:one and scope.two were wanted",
                        changing((request, all) -> all.put("scope", "openid email"))),
                Breach.of(
                        URL + "asks for the default scopes otherwise",
                        "asks for the scopes \"\" where openid and email were wanted",
                        changing((request, all) -> {
                            if (request.scopes().isEmpty()) {
                                all.remove("scope");
                            }
                        })),
                Breach.of(URL + "has the nonce with openid", "openid without the nonce", without("nonce")));
    }

    /** One that knows no PKCE. */
    static final class OldServer extends AuthorizationServer {
        @Override
        protected boolean usesPkce() {
            return false;
        }
    }

    private static Function<Map<String, Object>, OAuthProvider> sending(UnaryOperator<String> elsewhere) {
        return configuration -> new AcmeProvider(configuration) {
            @Override
            public CompletionStage<String> authorizationUrl(AuthorizationRequest request, ProviderContext context) {
                return super.authorizationUrl(request, context).thenApply(elsewhere);
            }
        };
    }

    private static Function<Map<String, Object>, OAuthProvider> without(String parameter) {
        return changing((request, all) -> all.remove(parameter));
    }

    private static Function<Map<String, Object>, OAuthProvider> changing(
            BiConsumer<AuthorizationRequest, Map<String, String>> change) {
        return configuration -> new AcmeProvider(configuration) {
            @Override
            protected void authorizationParameters(AuthorizationRequest request, Map<String, String> parameters) {
                change.accept(request, parameters);
            }
        };
    }
}
