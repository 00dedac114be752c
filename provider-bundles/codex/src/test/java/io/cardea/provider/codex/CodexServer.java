package io.cardea.provider.codex;

import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.Grant;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server that behaves as OpenAI's does towards Codex. */
public final class CodexServer extends AuthorizationServer {

    static final String ACCOUNT_ID = "8f14e45f-ceea-467f-a9f2-2d8b3d2a1c11";
    private static final String REDIRECT_URI = "http://localhost:1455/auth/callback";
    private static final Duration TEN_DAYS = Duration.ofDays(10);

    private final String redirectUri;

    /** One that knows the command line's client. */
    public CodexServer() {
        this(REDIRECT_URI);
    }

    /** One whose client is registered with another redirect URI, for where that port is taken. */
    public CodexServer(String redirectUri) {
        this.redirectUri = redirectUri;
    }

    @Override
    protected Map<String, String> endpoints() {
        return new LinkedHashMap<>(Map.of(
                "authorization_endpoint", url() + "/oauth/authorize",
                "token_endpoint", url() + "/oauth/token",
                "revocation_endpoint", url() + "/oauth/revoke",
                "jwks_uri", url() + "/.well-known/jwks.json"));
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
        return Optional.of(TEN_DAYS);
    }

    /** The client is registered with one redirect URI, and gets no account without its own two parameters. */
    @Override
    protected void checkAuthorizationRequest(ReceivedRequest request, Map<String, String> parameters) {
        if (!redirectUri.equals(parameters.get("redirect_uri"))) {
            throw new Refusal("invalid_request", "The redirect URI must be " + redirectUri + ".");
        }
        for (String own : List.of("id_token_add_organizations", "codex_cli_simplified_flow")) {
            if (!"true".equals(parameters.get(own))) {
                throw new Refusal("invalid_request", "There is no " + own + "=true.");
            }
        }
    }

    @Override
    protected void checkTokenRequest(ReceivedRequest request, Map<String, String> parameters) {
        if ("refresh_token".equals(parameters.get("grant_type")) && !parameters.containsKey("scope")) {
            throw new Refusal("invalid_request", "A refresh must say its scope.");
        }
    }

    @Override
    protected String error(ReceivedRequest request, Refusal refusal) {
        boolean refresh = request.body().contains("grant_type=refresh_token");
        if (!refresh || !refusal.error().equals("invalid_grant")) {
            return refusal.error();
        }
        return refusal.reason().contains("used before") ? "refresh_token_reused" : "refresh_token_invalidated";
    }

    /** An error is an object, and has its code inside. */
    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        Map<String, String> error =
                Map.of("message", refusal.reason(), "type", "invalid_request_error", "code", refusal.error());
        return Answer.json(refusal.error().startsWith("refresh_token_") ? 401 : 400, Map.of("error", error));
    }

    @Override
    protected void idTokenClaims(Grant grant, Map<String, Object> claims) {
        claims.put(
                "https://api.openai.com/auth",
                Map.of("chatgpt_account_id", ACCOUNT_ID, "chatgpt_plan_type", "plus", "user_id", "user-1815"));
    }

    /** RFC 7009 with a body of JSON. */
    @Override
    protected Answer revocation(ReceivedRequest request) {
        if (!request.method().equals("POST")) {
            throw new Refusal("invalid_request", "A revocation request must be a POST.");
        }
        Map<String, String> body = request.json();
        authenticate("none", request, body);
        String token = Optional.ofNullable(body.get("token"))
                .orElseThrow(() -> new Refusal("invalid_request", "There is no token."));
        String hint = acceptsRefreshToken(token) ? "refresh_token" : "access_token";
        if (revoke(token) && !hint.equals(body.get("token_type_hint"))) {
            throw new Refusal("invalid_request", "The token_type_hint is missing, or another's.");
        }
        return Answer.empty(200);
    }
}
