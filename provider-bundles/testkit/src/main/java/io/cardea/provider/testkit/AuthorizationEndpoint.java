package io.cardea.provider.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Where the browser is sent to (RFC 6749, sections 3.1 and 4.1.1; RFC 7636, section 4.4.1). */
final class AuthorizationEndpoint {

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    // What nobody may answer by a redirect.
    private static final String NO_REDIRECT = "The person sees an error page: ";

    private final AuthorizationServer server;
    private final Grants grants;
    private final Set<String> redirectUris;

    AuthorizationEndpoint(AuthorizationServer server, Set<String> redirectUris, Grants grants) {
        this.server = server;
        this.grants = grants;
        this.redirectUris = redirectUris;
    }

    Answer serve(ReceivedRequest request) {
        if (!request.method().equals("GET")) {
            throw new Refusal("invalid_request", NO_REDIRECT + "a browser comes with GET.");
        }
        Map<String, String> asked = request.query();
        if (!Client.ID.equals(asked.get("client_id"))) {
            throw new Refusal("invalid_request", NO_REDIRECT + "client_id is missing, or is another's.");
        }
        String redirectUri = asked.getOrDefault("redirect_uri", "");
        if (!redirectUris.contains(redirectUri)) {
            throw new Refusal(
                    "invalid_request",
                    NO_REDIRECT + "redirect_uri is missing, or was not registered (server.register(...)): "
                            + redirectUri);
        }
        Map<String, String> answer = new LinkedHashMap<>();
        try {
            answer.put("code", code(request, asked, redirectUri));
        } catch (Refusal refusal) {
            request.refuse(refusal);
            answer.put("error", refusal.error());
        }
        Optional.ofNullable(asked.get("state")).ifPresent(state -> answer.put("state", state));
        if (server.namesIssuer()) {
            answer.put("iss", server.url());
        }
        String separator = redirectUri.contains("?") ? "&" : "?";
        return Answer.empty(302).withHeader("Location", redirectUri + separator + Parameters.encode(answer));
    }

    private String code(ReceivedRequest request, Map<String, String> asked, String redirectUri) {
        if (!"code".equals(asked.get("response_type"))) {
            throw new Refusal("unsupported_response_type", "response_type must be code.");
        }
        if (!asked.containsKey("state")) {
            throw new Refusal("invalid_request", "There is no state.");
        }
        if (!asked.getOrDefault("response_mode", "query").equals("query")) {
            throw new Refusal(
                    "invalid_request", "This server answers in the query alone, whatever response_mode says.");
        }
        Optional<String> challenge = challenge(asked);
        server.checkAuthorizationRequest(request, asked);
        server.person().requireApproval();
        List<String> scopes = server.scopes(asked);
        Grant grant = new Grant(scopes, Optional.ofNullable(asked.get("nonce")));
        return grants.code(new Grants.Code(grant, redirectUri, challenge));
    }

    private Optional<String> challenge(Map<String, String> asked) {
        Optional<String> challenge = Optional.ofNullable(asked.get("code_challenge"));
        if (!server.usesPkce()) {
            if (challenge.isPresent()) {
                throw new Refusal(
                        "invalid_request", "This server knows no code_challenge and refuses it (pkce = none).");
            }
            return challenge;
        }
        if (challenge.filter(text -> CHALLENGE.matcher(text).matches()).isEmpty()) {
            throw new Refusal("invalid_request", "There is no code_challenge, or one that S256 cannot have made.");
        }
        if (!"S256".equals(asked.get("code_challenge_method"))) {
            throw new Refusal("invalid_request", "code_challenge_method must be S256.");
        }
        return challenge;
    }
}
