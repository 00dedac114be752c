package io.cardea.provider.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.oauth.provider.JsonObject;
import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.Grant;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Refusal;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server that behaves as GitHub does, towards an OAuth app or a GitHub app. */
public final class GithubServer extends AuthorizationServer {

    private static final Duration EIGHT_HOURS = Duration.ofHours(8);
    private static final int HALF_A_YEAR = 15_811_200;
    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    private static final Map<String, Integer> API_REFUSALS =
            Map.of("invalid_token", 401, "forbidden", 403, "not_found", 404, "unprocessable", 422);

    private final Set<String> endedTokens = ConcurrentHashMap.newKeySet();
    private final boolean tokensExpire;

    private GithubServer(boolean tokensExpire) {
        this.tokensExpire = tokensExpire;
    }

    /** Its tokens do not expire, and cannot be refreshed. */
    public static GithubServer ofOauthApp() {
        return new GithubServer(false);
    }

    /** Its tokens live for eight hours, and are refreshed. */
    public static GithubServer ofGithubApp() {
        return new GithubServer(true);
    }

    /** There is no OpenID Connect; paths are those of a GitHub Enterprise server. */
    @Override
    protected Map<String, String> endpoints() {
        return new LinkedHashMap<>(Map.of(
                "revocation_endpoint", url() + "/api/v3/applications/kit-client/grant",
                "authorization_endpoint", url() + "/login/oauth/authorize",
                "token_endpoint", url() + "/login/oauth/access_token",
                "device_authorization_endpoint", url() + "/login/device/code",
                "userinfo_endpoint", url() + "/api/v3/user"));
    }

    @Override
    protected boolean namesIssuer() {
        return false;
    }

    @Override
    protected List<String> defaultScopes() {
        return List.of();
    }

    @Override
    protected Optional<Duration> lifetime() {
        return tokensExpire ? Optional.of(EIGHT_HOURS) : Optional.empty();
    }

    @Override
    protected boolean grantsRefreshTokens() {
        return tokensExpire;
    }

    /** A device needs no secret, and may show it. */
    @Override
    protected void requireClient(ReceivedRequest request, Map<String, String> parameters) {
        boolean device =
                request.path().equals("/login/device/code") || DEVICE_GRANT.equals(parameters.get("grant_type"));
        authenticate(
                device && !parameters.containsKey("client_secret") ? "none" : "client_secret_post",
                request,
                parameters);
    }

    /** Scopes are separated by commas, though they are asked for with spaces. */
    @Override
    protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
        members.put("scope", String.valueOf(members.get("scope")).replace(' ', ','));
        members.put("token_type", "bearer");
        if (tokensExpire) {
            members.put("refresh_token_expires_in", HALF_A_YEAR);
        }
        return asked(request, members);
    }

    @Override
    protected Answer deviceAnswer(ReceivedRequest request, Map<String, Object> members) {
        members.remove("verification_uri_complete");
        return asked(request, members);
    }

    /** A form, unless JSON is asked for. */
    private static Answer asked(ReceivedRequest request, Map<String, ?> members) {
        return request.header("Accept").orElse("").contains("application/json")
                ? Answer.json(200, members)
                : Answer.form(200, members);
    }

    @Override
    protected String error(ReceivedRequest request, Refusal refusal) {
        return switch (refusal.error()) {
            case "invalid_client" -> "incorrect_client_credentials";
            case "invalid_grant" ->
                switch (request.form().getOrDefault("grant_type", "")) {
                    case "refresh_token" -> "bad_refresh_token";
                    case DEVICE_GRANT -> "incorrect_device_code";
                    default -> "bad_verification_code";
                };
            default -> refusal.error();
        };
    }

    /** The API refuses by its status; the token endpoint succeeds, and has an error inside. */
    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        if (!request.path().startsWith("/api/")) {
            return asked(request, Map.of("error", refusal.error(), "error_description", refusal.reason()));
        }
        int status = API_REFUSALS.getOrDefault(refusal.error(), 401);
        return Answer.json(status, Map.of("message", refusal.reason(), "status", String.valueOf(status)));
    }

    /** Not that of RFC 7009: an app's grant is deleted, with all of its tokens, by an access token that lives. */
    @Override
    protected Answer revocation(ReceivedRequest request) {
        requireUserAgent(request);
        if (!request.method().equals("DELETE")) {
            throw new Refusal("not_found", "There is nothing but DELETE.");
        }
        String client = configuration().get("client_id") + ":" + configuration().get("client_secret");
        if (!request.header("Authorization")
                .equals(Optional.of("Basic " + Base64.getEncoder().encodeToString(client.getBytes(UTF_8))))) {
            throw new Refusal("invalid_token", "The app must show its id and secret as they are, by HTTP Basic.");
        }
        String token = Optional.ofNullable(json(request).get("access_token"))
                .orElseThrow(() -> new Refusal("unprocessable", "There is no access_token."));
        if (endedTokens.contains(token) || !accepts(token)) {
            throw new Refusal("not_found", "The access token is none that was given out, or it has ended.");
        }
        granted(token).end();
        return Answer.empty(204);
    }

    /** From now on, an access token has ended by its age; its grant lives on. */
    void endByAge(String accessToken) {
        endedTokens.add(accessToken);
    }

    private static Map<String, String> json(ReceivedRequest request) {
        // The API takes any content type for JSON.
        return JsonObject.parse(request.body().getBytes(UTF_8))
                .text("access_token")
                .map(token -> Map.of("access_token", token))
                .orElse(Map.of());
    }

    private static void requireUserAgent(ReceivedRequest request) {
        if (request.header("User-Agent").isEmpty()) {
            throw new Refusal("forbidden", "Request forbidden by administrative rules.");
        }
    }

    @Override
    protected String subject() {
        return "1815";
    }

    @Override
    protected String account() {
        return "ada";
    }

    /** An e-mail address that is not public is null, and only whoever granted the scope user tells the plan. */
    @Override
    protected Answer userinfo(ReceivedRequest request, Grant grant) {
        requireUserAgent(request);
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("login", account());
        user.put("id", Integer.valueOf(subject()));
        user.put("name", "Ada Lovelace");
        user.put("email", null);
        if (grant.scopes().contains("user")) {
            user.put("email", "ada@example.org");
            user.put("plan", Map.of("name", "pro", "space", 976_562_499, "private_repos", 9999));
        }
        return Answer.json(200, user);
    }
}
