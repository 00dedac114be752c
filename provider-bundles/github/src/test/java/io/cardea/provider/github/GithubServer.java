package io.cardea.provider.github;

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

/** A server that behaves as GitHub does, towards an OAuth app or a GitHub app. */
public final class GithubServer extends AuthorizationServer {

    private static final Duration EIGHT_HOURS = Duration.ofHours(8);
    private static final int HALF_A_YEAR = 15_811_200;
    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

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

    /** Neither OpenID Connect nor revocation as in RFC 7009; paths are those of a GitHub Enterprise server. */
    @Override
    protected Map<String, String> endpoints() {
        return new LinkedHashMap<>(Map.of(
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

    /** The API refuses with 401; the token endpoint succeeds, and has an error inside. */
    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        return refusal.error().equals("invalid_token")
                ? Answer.json(401, Map.of("message", "Bad credentials", "status", "401"))
                : asked(request, Map.of("error", refusal.error(), "error_description", refusal.reason()));
    }

    @Override
    protected String subject() {
        return "1815";
    }

    @Override
    protected String account() {
        return "ada";
    }

    /** An e-mail address that is not public is null; who does not name a user agent is turned away. */
    @Override
    protected Answer userinfo(ReceivedRequest request, Grant grant) {
        if (request.header("User-Agent").isEmpty()) {
            return Answer.json(403, Map.of("message", "Request forbidden by administrative rules."));
        }
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("login", account());
        user.put("id", Integer.valueOf(subject()));
        user.put("name", "Ada Lovelace");
        user.put("email", null);
        return Answer.json(200, user);
    }
}
