package io.cardea.provider.playground.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the endpoints are, as seen from one side.
 *
 * @param base what comes before each path; that of the browser's side is the issuer
 */
public record Endpoints(String base) {

    public static final String AUTHORIZATION = "/authorize";
    public static final String TOKEN = "/token";
    public static final String REVOCATION = "/revoke";
    public static final String DEVICE_AUTHORIZATION = "/device_authorization";
    public static final String DEVICE = "/device";
    public static final String USERINFO = "/userinfo";
    public static final String JWKS = "/jwks";

    public String authorization() {
        return base + AUTHORIZATION;
    }

    public String token() {
        return base + TOKEN;
    }

    public String revocation() {
        return base + REVOCATION;
    }

    public String deviceAuthorization() {
        return base + DEVICE_AUTHORIZATION;
    }

    /** Where a person enters a user code. */
    public String device() {
        return base + DEVICE;
    }

    public String userinfo() {
        return base + USERINFO;
    }

    public String jwks() {
        return base + JWKS;
    }

    /** The server's metadata (RFC 8414, section 2; OpenID Connect Discovery, section 3), with {@code base} as issuer. */
    Map<String, Object> metadata() {
        List<String> authentication = List.of("client_secret_basic", "client_secret_post");
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", base);
        metadata.put("authorization_endpoint", authorization());
        metadata.put("token_endpoint", token());
        metadata.put("revocation_endpoint", revocation());
        metadata.put("device_authorization_endpoint", deviceAuthorization());
        metadata.put("userinfo_endpoint", userinfo());
        metadata.put("jwks_uri", jwks());
        metadata.put("scopes_supported", Scopes.ALL);
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("response_modes_supported", List.of("query"));
        metadata.put("grant_types_supported", TokenEndpoint.GRANT_TYPES);
        metadata.put("token_endpoint_auth_methods_supported", authentication);
        metadata.put("revocation_endpoint_auth_methods_supported", authentication);
        metadata.put("code_challenge_methods_supported", List.of("S256"));
        metadata.put("authorization_response_iss_parameter_supported", true);
        metadata.put("subject_types_supported", List.of("public"));
        metadata.put("id_token_signing_alg_values_supported", List.of(IdTokens.ALGORITHM.getName()));
        metadata.put(
                "claims_supported",
                List.of(
                        "iss",
                        "sub",
                        "aud",
                        "exp",
                        "iat",
                        "auth_time",
                        "nonce",
                        "at_hash",
                        "name",
                        "preferred_username",
                        "email",
                        "email_verified"));
        metadata.put("request_parameter_supported", false);
        metadata.put("request_uri_parameter_supported", false);
        return metadata;
    }
}
