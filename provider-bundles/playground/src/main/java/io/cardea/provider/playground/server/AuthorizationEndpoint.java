package io.cardea.provider.playground.server;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The authorization endpoint (RFC 6749, section 3.1): decides whether a person is asked at all, and sends the browser
 * back with a code or an error. It keeps nothing before the person has approved.
 */
public final class AuthorizationEndpoint {

    /** The parameters that are looked at; others are ignored (RFC 6749, section 3.1). */
    public static final Set<String> PARAMETERS = Set.of(
            "response_type",
            "response_mode",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "prompt",
            "code_challenge",
            "code_challenge_method",
            "request",
            "request_uri");

    private static final Pattern S256_CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** It is kept with the grant, which must not cost memory at a stranger's will. */
    private static final int MAX_NONCE = 512;

    /** What to do with an authorization request that came from a registered client. */
    public sealed interface Decision {}

    /** Ask the person. */
    public record Ask(AuthorizationRequest request) implements Decision {}

    /** Send the browser back to the client, with an error. */
    public record SendBack(String url) implements Decision {}

    private final String issuer;
    private final Clients clients;
    private final Grants grants;

    AuthorizationEndpoint(String issuer, Clients clients, Grants grants) {
        this.issuer = issuer;
        this.clients = clients;
        this.grants = grants;
    }

    /**
     * Checks an authorization request.
     *
     * @throws OAuthError when client or redirect URI are not to be trusted: the browser must not be sent anywhere (RFC
     *     6749, section 4.1.2.1)
     */
    public Decision decide(Parameters parameters) {
        Client client = clients.named(parameters.required("client_id"))
                .orElseThrow(() -> OAuthError.invalidRequest("there is no such client"));
        if (!parameters.required("redirect_uri").equals(client.redirectUri())) {
            throw OAuthError.invalidRequest("this redirect_uri is not registered for the client");
        }
        try {
            return new Ask(checked(client, parameters));
        } catch (OAuthError refusal) {
            Map<String, String> answer = new LinkedHashMap<>();
            answer.put("error", refusal.error());
            answer.put("error_description", refusal.description());
            return new SendBack(back(client.redirectUri(), parameters.get("state"), answer));
        }
    }

    private static AuthorizationRequest checked(Client client, Parameters parameters) {
        parameters.once();
        if (parameters.get("request").isPresent()) {
            throw OAuthError.of("request_not_supported", "request objects are not supported");
        }
        if (parameters.get("request_uri").isPresent()) {
            throw OAuthError.of("request_uri_not_supported", "request_uri is not supported");
        }
        if (!parameters.required("response_type").equals("code")) {
            throw OAuthError.of("unsupported_response_type", "response_type must be code");
        }
        if (!parameters.get("response_mode").orElse("query").equals("query")) {
            throw OAuthError.invalidRequest("response_mode must be query");
        }
        // RFC 7636, section 4.3: a request that does not name the method means "plain".
        if (!parameters.get("code_challenge_method").orElse("plain").equals("S256")
                || !S256_CHALLENGE
                        .matcher(parameters.get("code_challenge").orElse(""))
                        .matches()) {
            throw OAuthError.invalidRequest("PKCE is required, with code_challenge_method=S256");
        }
        if (parameters.get("nonce").orElse("").length() > MAX_NONCE) {
            throw OAuthError.invalidRequest("nonce is too long");
        }
        if (parameters.get("prompt").orElse("login").equals("none")) {
            throw OAuthError.of("login_required", "nobody stays logged in here");
        }
        return new AuthorizationRequest(
                client,
                client.redirectUri(),
                Scopes.requested(parameters.get("scope")),
                parameters.get("state"),
                parameters.required("code_challenge"),
                parameters.get("nonce"));
    }

    /**
     * The person agreed.
     *
     * @param authenticatedAt when the person logged in
     * @return where the browser goes, with a code
     */
    public String approve(AuthorizationRequest request, Person person, Instant authenticatedAt) {
        Grant grant = new Grant(request.client(), person, request.scopes(), authenticatedAt, request.nonce());
        return back(request.redirectUri(), request.state(), Map.of("code", grants.newCode(request, grant)));
    }

    /**
     * The person did not agree.
     *
     * @return where the browser goes, with {@code access_denied}
     */
    public String deny(AuthorizationRequest request) {
        return back(request.redirectUri(), request.state(), Map.of("error", "access_denied"));
    }

    private String back(String redirectUri, Optional<String> state, Map<String, String> answer) {
        Map<String, String> parameters = new LinkedHashMap<>(answer);
        state.ifPresent(value -> parameters.put("state", value));
        parameters.put("iss", issuer); // RFC 9207
        return redirectUri + (redirectUri.contains("?") ? "&" : "?") + Parameters.encode(parameters);
    }
}
