package io.cardea.provider.testkit;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings each request to its endpoint, and a refusal back as an answer. */
final class Endpoints {

    private static final Set<String> DISCOVERY =
            Set.of("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server");

    private static final String REFRESH_TOKEN = "refresh_token";

    private final AuthorizationServer server;
    private final List<ReceivedRequest> log;
    private final AuthorizationEndpoint authorizationEndpoint;
    private final TokenEndpoint tokenEndpoint;
    private final Devices devices;

    Endpoints(AuthorizationServer server, Grants grants, Set<String> redirectUris, List<ReceivedRequest> log) {
        this.server = server;
        this.log = log;
        this.authorizationEndpoint = new AuthorizationEndpoint(server, redirectUris, grants);
        this.devices = new Devices(server, grants);
        this.tokenEndpoint = new TokenEndpoint(server, grants, devices);
    }

    Answer serve(ReceivedRequest request) {
        log.add(request);
        Answer answer;
        String endpoint = endpoint(request);
        if (endpoint.equals("authorization_endpoint")) {
            answer = proper(endpoint, request);
        } else {
            server.faults().awaitRelease();
            answer = server.faults()
                    .misbehaviour()
                    .map(how -> how.answer(server, request, () -> proper(endpoint, request)))
                    .orElseGet(() -> proper(endpoint, request));
        }
        request.answered(answer.status());
        return answer;
    }

    /** The name of the endpoint; empty for a path that is none. */
    private String endpoint(ReceivedRequest request) {
        return server.endpoints().entrySet().stream()
                .filter(one -> URI.create(one.getValue()).getPath().equals(request.path()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    private Answer proper(String endpoint, ReceivedRequest request) {
        try {
            return switch (endpoint) {
                case "authorization_endpoint" -> authorizationEndpoint.serve(request);
                case "token_endpoint" -> tokenEndpoint.serve(request, this::isOfTokenEndpoint);
                case "refresh_endpoint" -> tokenEndpoint.serve(request, REFRESH_TOKEN::equals);
                case "revocation_endpoint" -> server.revocation(request);
                case "userinfo_endpoint" -> userinfo(request);
                case "device_authorization_endpoint" -> devices.authorize(request);
                case "jwks_uri" -> Answer.text(200, "application/json", IdTokens.keys());
                default -> elsewhere(request);
            };
        } catch (Refusal refusal) {
            return server.refused(request, refusal);
        }
    }

    private boolean isOfTokenEndpoint(String grantType) {
        return !grantType.equals(REFRESH_TOKEN) || !server.endpoints().containsKey("refresh_endpoint");
    }

    private Answer userinfo(ReceivedRequest request) {
        String token = request.bearer()
                .orElseThrow(() -> new Refusal("invalid_token", "There is no Authorization header with Bearer."));
        return server.userinfo(request, server.granted(token));
    }

    private Answer elsewhere(ReceivedRequest request) {
        return DISCOVERY.contains(request.path()) && request.method().equals("GET")
                ? Answer.json(200, metadata())
                : server.further(request).orElseGet(() -> {
                    request.refuse(new Refusal("not_found", "There is nothing at this path."));
                    return Answer.empty(404);
                });
    }

    /** RFC 8414, section 2; RFC 9207, section 3. */
    private Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", server.url());
        metadata.putAll(server.endpoints());
        metadata.remove("refresh_endpoint");
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("grant_types_supported", List.of("authorization_code", "refresh_token"));
        metadata.put("token_endpoint_auth_methods_supported", List.of(server.clientAuthentication()));
        metadata.put("code_challenge_methods_supported", server.usesPkce() ? List.of("S256") : List.of());
        metadata.put("authorization_response_iss_parameter_supported", server.namesIssuer());
        if (server.isOpenIdProvider()) {
            metadata.put("id_token_signing_alg_values_supported", List.of("RS256"));
            metadata.put("subject_types_supported", List.of("public"));
        }
        return metadata;
    }
}
