package io.cardea.provider.google;

import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.Grant;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A server that behaves as Google does, towards a person who has consented before. */
public final class GoogleServer extends AuthorizationServer {

    private static final String USERINFO = "https://www.googleapis.com/auth/userinfo.";
    private static final int DEVICE_LIFETIME = 1800;
    // All others are for browsers.
    private static final Set<String> DEVICE_SCOPES =
            Set.of("openid", "email", "profile", "https://www.googleapis.com/auth/drive.file");

    private volatile boolean consentsToOfflineAccess;

    @Override
    protected Map<String, String> endpoints() {
        return new LinkedHashMap<>(Map.of(
                "authorization_endpoint", url() + "/o/oauth2/v2/auth",
                "token_endpoint", url() + "/token",
                "revocation_endpoint", url() + "/revoke",
                "userinfo_endpoint", url() + "/v1/userinfo",
                "device_authorization_endpoint", url() + "/device/code",
                "jwks_uri", url() + "/oauth2/v3/certs"));
    }

    /** A refresh brings an access token alone. */
    @Override
    protected boolean rotatesRefreshTokens() {
        return false;
    }

    @Override
    protected void checkAuthorizationRequest(ReceivedRequest request, Map<String, String> parameters) {
        requireScope(parameters);
        consentsToOfflineAccess =
                "offline".equals(parameters.get("access_type")) && "consent".equals(parameters.get("prompt"));
    }

    private static void requireScope(Map<String, String> parameters) {
        if (!parameters.containsKey("scope")) {
            throw new Refusal("invalid_request", "Missing required parameter: scope");
        }
    }

    /** Those scopes that have a URL are told by it; who has consented before gets a refresh token by doing so again. */
    @Override
    protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
        members.put(
                "scope",
                String.valueOf(members.get("scope")).replaceAll("(?<=^| )(email|profile)(?= |$)", USERINFO + "$1"));
        if (request.form().containsKey("code") && !consentsToOfflineAccess) {
            members.remove("refresh_token");
        }
        return Answer.json(200, members);
    }

    /** As it was before RFC 8628. */
    @Override
    protected Answer deviceAnswer(ReceivedRequest request, Map<String, Object> members) {
        requireScope(request.form());
        if (!DEVICE_SCOPES.containsAll(
                List.of(request.form().getOrDefault("scope", "").split(" ")))) {
            throw new Refusal("invalid_scope", "Invalid device flow scope.");
        }
        members.remove("verification_uri_complete");
        members.put("verification_url", members.remove("verification_uri"));
        members.put("expires_in", DEVICE_LIFETIME);
        return Answer.json(200, members);
    }

    /** Whoever has a token may revoke it; one that is not good is refused. */
    @Override
    protected Answer revocation(ReceivedRequest request) {
        if (!request.method().equals("POST")) {
            throw new Refusal("not_found", "A token is revoked by POST.");
        }
        if (!revoke(request.form().getOrDefault("token", ""))) {
            throw new Refusal("invalid_token", "Token expired or revoked");
        }
        return Answer.json(200, Map.of());
    }

    @Override
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        Answer answer = super.refusalAnswer(request, refusal);
        return switch (refusal.error()) {
            case "authorization_pending" -> answer.withStatus(428);
            case "slow_down", "access_denied" -> answer.withStatus(403);
            case "invalid_token" -> request.path().equals("/revoke") ? answer.withStatus(400) : answer;
            default -> answer;
        };
    }

    @Override
    protected String subject() {
        return "110169484474386276334";
    }

    @Override
    protected String account() {
        return "ada@gmail.com";
    }

    @Override
    protected void idTokenClaims(Grant grant, Map<String, Object> claims) {
        claims.put("azp", ((List<?>) claims.get("aud")).get(0));
        claims.put("email_verified", true);
    }

    @Override
    protected Answer userinfo(ReceivedRequest request, Grant grant) {
        return Answer.json(
                200, Map.of("sub", subject(), "name", "Ada Lovelace", "email", account(), "email_verified", true));
    }
}
