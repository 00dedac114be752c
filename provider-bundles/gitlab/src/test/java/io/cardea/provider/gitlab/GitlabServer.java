package io.cardea.provider.gitlab;

import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.Grant;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A server that behaves as a self-managed GitLab does, towards a confidential application. */
public final class GitlabServer extends AuthorizationServer {

    private static final Duration TWO_HOURS = Duration.ofHours(2);
    private static final int DEVICE_LIFETIME = 300;
    // Those that were ticked when the application was registered.
    private static final Set<String> SCOPES = Set.of("openid", "profile", "email", "read_user");

    /** One key says where it is. */
    @Override
    public Map<String, String> configuration() {
        Map<String, String> configuration = super.configuration();
        configuration.keySet().removeAll(endpoints().keySet());
        return configuration;
    }

    @Override
    protected Map<String, String> endpoints() {
        return new LinkedHashMap<>(Map.of(
                "authorization_endpoint", url() + "/oauth/authorize",
                "token_endpoint", url() + "/oauth/token",
                "revocation_endpoint", url() + "/oauth/revoke",
                "userinfo_endpoint", url() + "/oauth/userinfo",
                "device_authorization_endpoint", url() + "/oauth/authorize_device",
                "jwks_uri", url() + "/oauth/discovery/keys"));
    }

    @Override
    protected boolean namesIssuer() {
        return false;
    }

    /** The first one that the application has. */
    @Override
    protected List<String> defaultScopes() {
        return List.of("read_user");
    }

    @Override
    protected Optional<Duration> lifetime() {
        return Optional.of(TWO_HOURS);
    }

    @Override
    protected void checkAuthorizationRequest(ReceivedRequest request, Map<String, String> parameters) {
        requireScopes(parameters);
    }

    private static void requireScopes(Map<String, String> parameters) {
        List<String> asked =
                List.of(parameters.getOrDefault("scope", "read_user").split(" "));
        if (!SCOPES.containsAll(asked)) {
            throw new Refusal("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
        }
    }

    @Override
    protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
        members.put("created_at", Instant.now().getEpochSecond());
        return Answer.json(200, members);
    }

    @Override
    protected Answer deviceAnswer(ReceivedRequest request, Map<String, Object> members) {
        requireScopes(request.form());
        members.put("expires_in", DEVICE_LIFETIME);
        return Answer.json(200, members);
    }

    /** An empty object, also for a token that nobody knows. */
    @Override
    protected Answer revocation(ReceivedRequest request) {
        super.revocation(request);
        return Answer.json(200, Map.of());
    }

    @Override
    protected String error(ReceivedRequest request, Refusal refusal) {
        return isRevocation(request) && refusal.error().equals("invalid_client")
                ? "unauthorized_client"
                : refusal.error();
    }

    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        Answer answer = super.refusalAnswer(request, refusal);
        return isRevocation(request) && refusal.error().equals("unauthorized_client") ? answer.withStatus(403) : answer;
    }

    private static boolean isRevocation(ReceivedRequest request) {
        return request.path().equals("/oauth/revoke");
    }

    @Override
    protected String subject() {
        return "1815";
    }

    @Override
    protected Answer userinfo(ReceivedRequest request, Grant grant) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("sub", subject());
        user.put("name", "Ada Lovelace");
        user.put("nickname", "ada");
        user.put("preferred_username", "ada");
        if (grant.scopes().contains("email")) {
            user.put("email", account());
            user.put("email_verified", true);
        }
        user.put("groups", List.of());
        return Answer.json(200, user);
    }

    /** No e-mail address unless it was asked for. */
    @Override
    protected void idTokenClaims(Grant grant, Map<String, Object> claims) {
        if (!grant.scopes().contains("email")) {
            claims.remove("email");
        }
        claims.put("auth_time", Instant.now().getEpochSecond());
    }
}
