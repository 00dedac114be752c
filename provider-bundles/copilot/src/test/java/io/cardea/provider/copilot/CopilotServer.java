package io.cardea.provider.copilot;

import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Servers that behave as those of GitHub and of Copilot do. GitHub's token is what the kit calls a refresh token. */
public final class CopilotServer extends AuthorizationServer {

    static final String SKU = "monthly_subscriber_quota";
    static final String API = "https://api.individual.githubcopilot.com";
    private static final String EXCHANGE = "/copilot_internal/v2/token";
    private static final String USER = "/user";
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final int REFRESH_IN = 1500;

    private volatile Optional<Answer> exchangeAnswer = Optional.empty();

    /** There is nothing but a login on another device. */
    @Override
    protected Map<String, String> endpoints() {
        return new LinkedHashMap<>(Map.of(
                "token_endpoint", url() + "/login/oauth/access_token",
                "device_authorization_endpoint", url() + "/login/device/code",
                // Never asked: further() has the real one.
                "userinfo_endpoint", url() + "/userinfo"));
    }

    @Override
    public Map<String, String> configuration() {
        Map<String, String> configuration = super.configuration();
        configuration.put("refresh_endpoint", url() + EXCHANGE);
        configuration.put("userinfo_endpoint", url() + USER);
        return configuration;
    }

    @Override
    protected String clientAuthentication() {
        return "none";
    }

    /** That of Copilot's token. */
    @Override
    protected Optional<Duration> lifetime() {
        return Optional.of(HALF_AN_HOUR);
    }

    @Override
    protected boolean rotatesRefreshTokens() {
        return false;
    }

    @Override
    protected void checkTokenRequest(ReceivedRequest request, Map<String, String> parameters) {
        if (!"urn:ietf:params:oauth:grant-type:device_code".equals(parameters.get("grant_type"))) {
            throw new Refusal("unsupported_grant_type", "A device gets a token here, and nobody else.");
        }
    }

    /** GitHub's token, which does not end. */
    @Override
    protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
        return asked(
                request,
                Map.of("access_token", members.get("refresh_token"), "token_type", "bearer", "scope", "read:user"));
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

    /** The API refuses by its status; the token endpoint succeeds, and has an error inside. */
    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        if (request.path().startsWith("/login/")) {
            return asked(request, Map.of("error", refusal.error(), "error_description", refusal.reason()));
        }
        int status = refusal.error().equals("invalid_token") ? 401 : 403;
        return Answer.json(status, Map.of("message", refusal.reason(), "status", String.valueOf(status)));
    }

    @Override
    protected Optional<Answer> further(ReceivedRequest request) {
        return switch (request.path()) {
            case EXCHANGE -> Optional.of(exchange(request));
            case USER -> Optional.of(user(request));
            default -> Optional.empty();
        };
    }

    private Answer exchange(ReceivedRequest request) {
        requireGithubToken(request);
        return exchangeAnswer.orElseGet(() -> Answer.json(
                200,
                Map.of(
                        "token",
                        issueAccessToken(lastGrant().orElseThrow()),
                        "expires_at",
                        Instant.now().plus(HALF_AN_HOUR).getEpochSecond(),
                        "refresh_in",
                        REFRESH_IN,
                        "sku",
                        SKU,
                        "individual",
                        true,
                        "chat_enabled",
                        true,
                        "endpoints",
                        Map.of("api", API, "telemetry", "https://telemetry.example"))));
    }

    private Answer user(ReceivedRequest request) {
        requireGithubToken(request);
        return Answer.json(
                200, Map.of("id", Integer.valueOf(subject()), "login", account(), "email", "ada@example.org"));
    }

    private void requireGithubToken(ReceivedRequest request) {
        if (!request.method().equals("GET")) {
            throw new Refusal("forbidden", "There is nothing but GET.");
        }
        if (request.header("User-Agent").isEmpty()) {
            throw new Refusal("forbidden", "Request forbidden by administrative rules.");
        }
        if (request.bearer().filter(this::acceptsRefreshToken).isEmpty()) {
            throw new Refusal("invalid_token", "Bad credentials");
        }
    }

    /** From now on, whoever has a good token is answered this by the exchange. */
    void exchangesFor(Answer answer) {
        exchangeAnswer = Optional.of(answer);
    }

    @Override
    protected List<String> defaultScopes() {
        return List.of();
    }

    @Override
    protected String subject() {
        return "1815";
    }

    @Override
    protected String account() {
        return "ada";
    }
}
