package io.cardea.provider.testkit;

import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.provider.testkit.Trial.Login;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The URL that a browser is sent to (RFC 6749, section 4.1.1). */
final class AuthorizationUrlChecks {

    // Whatever RFC 6749, appendix A.5, lets a state be made of.
    private static final String ODD_STATE = "s &t=a#t%2Fe+\"~?/;:@";
    private static final String ODD_QUERY = "?a=b&c=%C3%BC%26+d";

    private AuthorizationUrlChecks() {}

    static List<Check> all() {
        Predicate<Trial> codes = Trial::hasCodes;
        return List.of(
                Check.of("the authorization URL is absolute and visible ASCII", codes, AuthorizationUrlChecks::ascii),
                Check.of("the authorization URL leads to the service", codes, AuthorizationUrlChecks::endpoint),
                Check.of("the authorization URL asks for a code", codes, AuthorizationUrlChecks::responseType),
                Check.of("the authorization URL names the client", codes, AuthorizationUrlChecks::clientId),
                Check.of("the authorization URL has the state unchanged", codes, AuthorizationUrlChecks::state),
                Check.of(
                        "the authorization URL has the redirect URI unchanged",
                        codes,
                        AuthorizationUrlChecks::redirectUri),
                Check.of(
                        "the authorization URL has the code challenge unchanged",
                        codes.and(trial -> trial.known().supportsPkce()),
                        AuthorizationUrlChecks::challenge),
                Check.of(
                        "the authorization URL has no code challenge where there is none",
                        codes.and(trial -> !trial.known().supportsPkce()),
                        AuthorizationUrlChecks::noChallenge),
                Check.of(
                        "the authorization URL asks for the scopes of the login",
                        codes,
                        AuthorizationUrlChecks::scopes),
                Check.of(
                        "the authorization URL asks for the default scopes otherwise",
                        codes.and(trial -> !trial.known().scopes().isEmpty()),
                        AuthorizationUrlChecks::defaultScopes),
                Check.of(
                        "the authorization URL has the nonce with openid",
                        codes.and(trial -> trial.server().isOpenIdProvider()),
                        AuthorizationUrlChecks::nonce));
    }

    private static AuthorizationRequest odd(Trial trial, List<String> scopes) {
        AuthorizationRequest usual = trial.login().request();
        boolean free = !trial.redirectUri().contains("?");
        return new AuthorizationRequest(
                ODD_STATE, usual.redirectUri() + (free ? ODD_QUERY : ""), scopes, usual.codeChallenge(), usual.nonce());
    }

    private static String url(Trial trial, AuthorizationRequest request) {
        return trial.get("authorizationUrl()", () -> trial.provider().authorizationUrl(request, trial.context()));
    }

    private static Map<String, String> parameters(Trial trial, AuthorizationRequest request) {
        String url = url(trial, request);
        try {
            return Parameters.decode(
                    Optional.ofNullable(new URI(url).getRawQuery()).orElse(""));
        } catch (URISyntaxException e) {
            throw trial.failed("The authorization URL is no URL: " + e.getReason() + ". Encode each parameter that"
                    + " authorizationUrl() adds.");
        } catch (Refusal refusal) {
            throw trial.failed("The query of the authorization URL cannot be read: " + refusal.reason()
                    + " Add each parameter in authorizationUrl() once, encoded as a form.");
        }
    }

    private static Optional<String> parameter(Trial trial, AuthorizationRequest request, String name) {
        return Optional.ofNullable(parameters(trial, request).get(name));
    }

    private static void unchanged(Trial trial, String name, String wanted, String method, String consequence) {
        Optional<String> sent = parameter(trial, odd(trial, List.of()), name);
        String put = " put " + method + " into it, form-encoded and otherwise unchanged, in authorizationUrl().";
        trial.require(sent.isPresent(), "The authorization URL has no " + name + ". " + consequence + put);
        trial.require(
                sent.orElseThrow().equals(wanted),
                "The authorization URL has another " + name + " than was asked for: " + sent.orElseThrow()
                        + " instead of " + wanted + ". " + consequence + put);
    }

    private static void ascii(Trial trial) {
        String url = url(trial, odd(trial, List.of()));
        trial.require(
                url.startsWith("http://") || url.startsWith("https://"),
                "The authorization URL is not absolute: it begins with \"" + url.split("[:/?]", 2)[0] + "\". A browser"
                        + " cannot be sent there: authorizationUrl() must answer an http or https URL.");
        trial.require(
                url.chars().allMatch(c -> c > ' ' && c < 0x7f),
                "The authorization URL has characters that are not visible ASCII. They could forge a header, so Cardea"
                        + " refuses it: encode each parameter that authorizationUrl() adds.");
    }

    private static void endpoint(Trial trial) {
        String url = url(trial, trial.login().request());
        String endpoint = trial.server()
                .configuration()
                .getOrDefault("authorization_endpoint", trial.server().url());
        trial.require(
                url.startsWith(endpoint),
                "The authorization URL leads to " + url.split("\\?", 2)[0] + " and not to " + endpoint + ". An operator"
                        + " who configures another authorization_endpoint, as for a server of their own, would send"
                        + " people to the wrong one: have authorizationUrl() begin with the endpoint of metadata().");
    }

    private static void responseType(Trial trial) {
        trial.require(
                parameter(trial, trial.login().request(), "response_type").equals(Optional.of("code")),
                "The authorization URL does not say response_type=code. Then the service does not know that a code is"
                        + " wanted (RFC 6749, section 4.1.1): have authorizationUrl() add it.");
    }

    private static void clientId(Trial trial) {
        trial.require(
                parameter(trial, trial.login().request(), "client_id").equals(Optional.of(Client.ID)),
                "The authorization URL does not have the client_id that was configured. The service does not know who"
                        + " asks: have authorizationUrl() add it.");
    }

    private static void state(Trial trial) {
        unchanged(trial, "state", ODD_STATE, "request.state()", "Cardea could not tell whose answer comes back:");
    }

    private static void redirectUri(Trial trial) {
        unchanged(
                trial,
                "redirect_uri",
                odd(trial, List.of()).redirectUri(),
                "request.redirectUri()",
                "It must be the same, byte by byte, in the token request (RFC 6749, section 4.1.3):");
    }

    private static void challenge(Trial trial) {
        AuthorizationRequest request = odd(trial, List.of());
        Optional<String> sent = parameter(trial, request, "code_challenge");
        trial.require(
                sent.isPresent() && sent.equals(request.codeChallenge()),
                "The authorization URL has " + (sent.isPresent() ? "another" : "no")
                        + " code_challenge. Without it a code"
                        + " that leaks is good for whoever finds it: have authorizationUrl() put"
                        + " request.codeChallenge() into it unchanged, or say supportsPkce = false in info() if the"
                        + " service refuses PKCE.");
        trial.require(
                parameter(trial, request, "code_challenge_method").equals(Optional.of("S256")),
                "The authorization URL does not say code_challenge_method=S256. Then the service takes the challenge for"
                        + " a plain verifier (RFC 7636, section 4.3), and the exchange fails: have authorizationUrl()"
                        + " add it.");
    }

    private static void noChallenge(Trial trial) {
        trial.require(
                parameter(trial, trial.login().request(), "code_challenge").isEmpty(),
                "The authorization URL has a code_challenge, though info() says that PKCE is not supported and Cardea"
                        + " made none. Leave it out of authorizationUrl() where request.codeChallenge() is absent.");
    }

    private static void scopes(Trial trial) {
        List<String> asked = List.of("scope:one", "scope.two");
        requireScopes(trial, asked, asked, "request.scopes()");
    }

    private static void defaultScopes(Trial trial) {
        requireScopes(
                trial, List.of(), trial.known().scopes(), "the scopes of info(), when request.scopes() is empty,");
    }

    private static void requireScopes(Trial trial, List<String> asked, List<String> wanted, String what) {
        Login login = trial.login();
        AuthorizationRequest request = new AuthorizationRequest(
                login.request().state(),
                login.request().redirectUri(),
                asked,
                login.request().codeChallenge(),
                login.request().nonce());
        String sent = parameter(trial, request, "scope").orElse("");
        trial.require(
                trial.server().split(sent).containsAll(wanted),
                "The authorization URL asks for the scopes \"" + sent + "\" where " + String.join(" and ", wanted)
                        + " were wanted. The person would grant less than the login needs: have authorizationUrl() ask"
                        + " for " + what + " separated as the service wants it.");
    }

    private static void nonce(Trial trial) {
        AuthorizationRequest request = odd(trial, List.of("openid"));
        trial.require(
                parameter(trial, request, "nonce").equals(Optional.of(request.nonce())),
                "The authorization URL asks for openid without the nonce of the login. Cardea would refuse the ID token"
                        + " that comes back: have authorizationUrl() put request.nonce() into it.");
    }
}
