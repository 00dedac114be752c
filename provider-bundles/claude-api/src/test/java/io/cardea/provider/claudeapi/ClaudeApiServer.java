package io.cardea.provider.claudeapi;

import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.Grant;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server that behaves as Anthropic's does towards its own command-line program. */
public final class ClaudeApiServer extends AuthorizationServer {

    private static final String PAGE = "https://console.anthropic.com/oauth/code/callback";
    private static final Duration EIGHT_HOURS = Duration.ofHours(8);

    private final Set<String> states = ConcurrentHashMap.newKeySet();
    private volatile Map<String, Object> profile = Map.of(
            "account",
                    Map.of(
                            "uuid", "f866185e-c98d-4998-b4c6-626ffbee8799",
                            "full_name", "Ada Lovelace",
                            "display_name", "Ada",
                            "email", "ada@acme.example",
                            "has_claude_max", true),
            "organization",
                    Map.of(
                            "uuid", "d40f60b4-4362-435e-9f40-ad089268d9a3",
                            "organization_type", "claude_max",
                            "rate_limit_tier", "default_claude_max_20x"));

    @Override
    protected Map<String, String> endpoints() {
        return new LinkedHashMap<>(Map.of(
                "authorization_endpoint", url() + "/oauth/authorize",
                "token_endpoint", url() + "/v1/oauth/token",
                "userinfo_endpoint", url() + "/api/oauth/profile"));
    }

    @Override
    protected String clientAuthentication() {
        return "none";
    }

    @Override
    protected boolean namesIssuer() {
        return false;
    }

    @Override
    protected Optional<Duration> lifetime() {
        return Optional.of(EIGHT_HOURS);
    }

    /** A code is shown on the page, or sent to this machine, by what the login says. */
    @Override
    protected void checkAuthorizationRequest(ReceivedRequest request, Map<String, String> parameters) {
        String redirectUri = parameters.getOrDefault("redirect_uri", "");
        boolean page = redirectUri.equals(PAGE);
        if (!page && !redirectUri.matches("http://localhost:\\d+/callback")) {
            throw new Refusal("invalid_request", "The client has no such redirect URI.");
        }
        if (page != "true".equals(parameters.get("code"))) {
            throw new Refusal("invalid_request", "code=true is for the page that shows the code, and for no other.");
        }
        states.add(parameters.get("state"));
    }

    @Override
    protected Map<String, String> parameters(ReceivedRequest request) {
        return request.json();
    }

    /** A code comes with the state of its login, and a refresh without any scope. */
    @Override
    protected void checkTokenRequest(ReceivedRequest request, Map<String, String> parameters) {
        if ("authorization_code".equals(parameters.get("grant_type"))
                && !states.contains(parameters.getOrDefault("state", ""))) {
            throw new Refusal("invalid_request", "The state is missing, or is of no login.");
        }
        if ("refresh_token".equals(parameters.get("grant_type")) && parameters.containsKey("scope")) {
            throw new Refusal("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
        }
    }

    /** The API's errors are objects. */
    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        return refusal.error().equals("invalid_token")
                ? Answer.json(
                        401,
                        Map.of(
                                "type",
                                "error",
                                "error",
                                Map.of("type", "authentication_error", "message", refusal.reason())))
                : super.refusalAnswer(request, refusal);
    }

    @Override
    protected String subject() {
        return "f866185e-c98d-4998-b4c6-626ffbee8799";
    }

    @Override
    protected Answer userinfo(ReceivedRequest request, Grant grant) {
        return Answer.json(200, profile);
    }

    /** From now on, this is whose account it is. */
    void tells(Map<String, Object> other) {
        profile = other;
    }
}
