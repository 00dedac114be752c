package io.cardea.provider.playground.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The token endpoint (RFC 6749, section 3.2): a code, a refresh token or a device code against tokens. */
public final class TokenEndpoint {

    static final String DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    static final List<String> GRANT_TYPES = List.of("authorization_code", "refresh_token", DEVICE_CODE_GRANT);

    private static final Pattern CODE_VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private final Grants grants;
    private final DeviceAuthorizations devices;
    private final IdTokens idTokens;
    private final Duration accessTokenLifetime;

    TokenEndpoint(Grants grants, DeviceAuthorizations devices, IdTokens idTokens, Duration accessTokenLifetime) {
        this.grants = grants;
        this.devices = devices;
        this.idTokens = idTokens;
        this.accessTokenLifetime = accessTokenLifetime;
    }

    /**
     * Answers a token request.
     *
     * @param client who sent it, authenticated
     * @return the members of the answer (RFC 6749, section 5.1)
     * @throws OAuthError when it is refused
     */
    public Map<String, Object> token(Client client, Parameters parameters) {
        return switch (parameters.required("grant_type")) {
            case "authorization_code" -> exchange(client, parameters);
            case "refresh_token" -> refresh(client, parameters);
            case DEVICE_CODE_GRANT -> {
                Grant grant = devices.poll(client, parameters.required("device_code"));
                yield tokens(grant, grant.scopes(), grant.nonce());
            }
            default -> throw OAuthError.of("unsupported_grant_type", "the grant type is not supported");
        };
    }

    /** RFC 6749, section 4.1.3. A code is spent by the first client that shows it, whether it was right or wrong. */
    private Map<String, Object> exchange(Client client, Parameters parameters) {
        String redirectUri = parameters.required("redirect_uri");
        String verifier = parameters.required("code_verifier");
        Grants.Code code = grants.spendCode(parameters.required("code"))
                .orElseThrow(() -> OAuthError.invalidGrant("the code is unknown, expired or was used"));
        if (!code.grant().client().equals(client)) {
            throw OAuthError.invalidGrant("the code was issued to another client");
        }
        if (!code.redirectUri().equals(redirectUri)) {
            throw OAuthError.invalidGrant("redirect_uri is not that of the authorization request");
        }
        if (!CODE_VERIFIER.matcher(verifier).matches() || !Secrets.same(Secrets.hash(verifier), code.codeChallenge())) {
            throw OAuthError.invalidGrant("code_verifier does not match the code challenge");
        }
        return tokens(code.grant(), code.grant().scopes(), code.grant().nonce());
    }

    /** RFC 6749, section 6. */
    private Map<String, Object> refresh(Client client, Parameters parameters) {
        String token = parameters.required("refresh_token");
        Grant grant = live(grants.refreshToken(token));
        if (!grant.client().equals(client)) {
            throw OAuthError.invalidGrant("the refresh token was issued to another client");
        }
        List<String> scopes = Scopes.narrowed(parameters.get("scope"), grant.scopes());
        // Of two requests at once only one gets here with the token unspent; the other ends the grant.
        live(grants.spendRefreshToken(token));
        return tokens(grant, scopes, Optional.empty());
    }

    private static Grant live(Optional<Grant> grant) {
        return grant.orElseThrow(
                () -> OAuthError.invalidGrant("the refresh token is unknown, expired, revoked or was used"));
    }

    private Map<String, Object> tokens(Grant grant, List<String> scopes, Optional<String> nonce) {
        String accessToken = grants.newAccessToken(grant, scopes, accessTokenLifetime);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", accessToken);
        answer.put("token_type", "Bearer");
        answer.put("expires_in", accessTokenLifetime.toSeconds());
        answer.put("refresh_token", grants.newRefreshToken(grant));
        answer.put("scope", String.join(" ", scopes));
        if (scopes.contains(Scopes.OPENID)) {
            answer.put("id_token", idTokens.issue(grant, accessToken, nonce));
        }
        return answer;
    }
}
