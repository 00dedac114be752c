package io.cardea.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.DeviceLogin;
import io.cardea.oauth.FlowStatus;
import io.cardea.oauth.Flows;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Logins that a program watches over: {@code POST /oauth/{provider}/device} and {@code /authorize}, {@code POST} and
 * {@code GET /oauth/flows/{flow}}.
 */
final class FlowActions {

    private final Flows flows;
    private final PublicUrl publicUrl;

    FlowActions(Flows flows, PublicUrl publicUrl) {
        this.flows = flows;
        this.publicUrl = publicUrl;
    }

    CompletableFuture<Written> device(String provider, Map<String, String> members) {
        return flows.beginDevice(key(provider, members), scopes(members))
                .toCompletableFuture()
                .thenApply(login -> response -> Answer.json(response, 201, json(login)));
    }

    /** RFC 8628, section 3.2, without the device code: Cardea does the polling. */
    private static ObjectNode json(DeviceLogin login) {
        ObjectNode json = Answer.object();
        json.put("flow", login.flow());
        json.put("user_code", login.userCode());
        json.put("verification_uri", login.verificationUri());
        login.verificationUriComplete().ifPresent(uri -> json.put("verification_uri_complete", uri));
        json.put(
                "expires_in",
                Math.max(0, Duration.between(Instant.now(), login.expiresAt()).toSeconds()));
        json.put("interval", login.interval());
        return json;
    }

    CompletableFuture<Written> authorize(String provider, Map<String, String> members) {
        LoginRequest wish = new LoginRequest(
                key(provider, members), scopes(members), Optional.empty(), publicUrl.redirectUri(provider));
        return flows.beginManual(wish).toCompletableFuture().thenApply(login -> {
            ObjectNode json = Answer.object();
            json.put("flow", login.flow());
            json.put("authorization_url", login.authorizationUrl());
            return response -> Answer.json(response, 201, json);
        });
    }

    CompletableFuture<Written> complete(String flow, Map<String, String> members) {
        if (members.size() != 1) {
            throw new Refused(400, "invalid_request", "Give either a code or a redirect_url");
        }
        String pasted = members.values().iterator().next();
        if (members.containsKey("redirect_url") && !pasted.strip().matches("(?s)https?://.*")) {
            throw new Refused(400, "invalid_request", "redirect_url must be the whole address of the page");
        }
        return flows.complete(flow, pasted)
                .toCompletableFuture()
                .thenApply(connection -> response -> Answer.json(response, 200, ConnectionJson.of(connection)));
    }

    /** {@code GET /oauth/flows/{flow}}: how a login stands. */
    Endpoint status(ApiKeyCheck check) {
        return (flow, request) -> {
            check.require(request, providerOf(flow));
            FlowStatus status = flows.status(flow);
            ObjectNode json = Answer.object();
            json.put("flow", flow);
            json.put("status", status.state().wireName());
            json.put("provider", status.key().provider());
            json.put("connection", status.key().connection());
            status.failure()
                    .ifPresent(failure ->
                            json.put("error", failure.error().code()).put("error_description", failure.getMessage()));
            return CompletableFuture.completedFuture(response -> Answer.json(response, 200, json));
        };
    }

    /** Whose login it is; empty for one that nobody knows, which only whoever shows a key is told. */
    String providerOf(String flow) {
        try {
            return flows.status(flow).key().provider();
        } catch (OAuthException unknown) {
            return "";
        }
    }

    private static ConnectionKey key(String provider, Map<String, String> members) {
        return new ConnectionKey(provider, members.getOrDefault("connection", ConnectionKey.DEFAULT_CONNECTION));
    }

    private static List<String> scopes(Map<String, String> members) {
        return List.of(members.getOrDefault("scope", "").split(" +")).stream()
                .filter(scope -> !scope.isEmpty())
                .toList();
    }
}
