package io.cardea.provider.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Where codes, refresh tokens and device codes become access tokens (RFC 6749, section 3.2; RFC 8628, section 3.4). */
final class TokenEndpoint {

    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
    private static final int ID_TOKEN_LIFETIME = 600;

    private final AuthorizationServer server;
    private final Grants grants;
    private final Devices devices;

    TokenEndpoint(AuthorizationServer server, Grants grants, Devices devices) {
        this.server = server;
        this.grants = grants;
        this.devices = devices;
    }

    Answer serve(ReceivedRequest request, Predicate<String> grantTypes) {
        if (!request.method().equals("POST")) {
            throw new Refusal("invalid_request", "A token request must be a POST.");
        }
        if (!request.query().isEmpty()) {
            throw new Refusal("invalid_request", "A token request must have nothing in its query, where logs see it.");
        }
        Map<String, String> parameters = server.parameters(request);
        server.requireClient(request, parameters);
        server.checkTokenRequest(request, parameters);
        String grantType = required(parameters, "grant_type");
        if (!grantTypes.test(grantType)) {
            throw new Refusal(
                    "unsupported_grant_type", "Tokens are refreshed at the refresh endpoint, and all else is not.");
        }
        return switch (grantType) {
            case "authorization_code" -> granted(request, ofCode(parameters), true);
            case "refresh_token" -> refreshed(request, parameters);
            case DEVICE_GRANT -> granted(request, devices.poll(required(parameters, "device_code")), true);
            default -> throw new Refusal("unsupported_grant_type", "There is no grant_type " + grantType + ".");
        };
    }

    private Grant ofCode(Map<String, String> parameters) {
        Optional<String> verifier = Optional.ofNullable(parameters.get("code_verifier"));
        verifier.ifPresent(grants::remember);
        Grants.Code code = grants.spendCode(required(parameters, "code"));
        if (!code.redirectUri().equals(parameters.get("redirect_uri"))) {
            throw new Refusal("invalid_grant", "redirect_uri is not that of the authorization request.");
        }
        code.challenge().ifPresent(challenge -> requireVerifier(challenge, verifier));
        if (code.challenge().isEmpty() && verifier.isPresent()) {
            throw new Refusal("invalid_grant", "There is a code_verifier, but there was no code_challenge.");
        }
        return code.grant();
    }

    private static void requireVerifier(String challenge, Optional<String> verifier) {
        byte[] made = verifier.filter(text -> VERIFIER.matcher(text).matches())
                .map(text -> Base64.getUrlEncoder().withoutPadding().encode(IdTokens.sha256(text)))
                .orElse(new byte[0]);
        if (!MessageDigest.isEqual(made, challenge.getBytes(US_ASCII))) {
            throw new Refusal("invalid_grant", "code_verifier is missing, or is not that of the code_challenge.");
        }
    }

    private Answer refreshed(ReceivedRequest request, Map<String, String> parameters) {
        boolean keeps = server.faults().withholdsRefreshToken();
        boolean rotates = server.rotatesRefreshTokens() && !keeps;
        Grant grant = grants.useRefreshToken(required(parameters, "refresh_token"), rotates);
        List<String> asked = server.split(parameters.getOrDefault("scope", ""));
        if (!grant.scopes().containsAll(asked)) {
            throw new Refusal("invalid_scope", "A refresh asks for more than was granted (RFC 6749, section 6).");
        }
        return granted(request, grant, rotates);
    }

    private Answer granted(ReceivedRequest request, Grant grant, boolean withRefreshToken) {
        String accessToken = grants.accessToken(grant);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("access_token", accessToken);
        members.put("token_type", "Bearer");
        server.lifetime().ifPresent(lifetime -> members.put("expires_in", lifetime.toSeconds()));
        if (withRefreshToken && server.grantsRefreshTokens()) {
            members.put("refresh_token", grants.refreshToken(grant));
        }
        members.put("scope", String.join(server.scopeSeparator(), grant.scopes()));
        if (server.isOpenIdProvider() && grant.scopes().contains("openid")) {
            members.put("id_token", grants.remember(IdTokens.sign(claims(grant, accessToken))));
        }
        return server.tokenAnswer(request, members);
    }

    private Map<String, Object> claims(Grant grant, String accessToken) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", server.url());
        claims.put("sub", server.subject());
        claims.put("aud", new ArrayList<>(List.of(Client.ID)));
        claims.put("iat", now);
        claims.put("exp", now + ID_TOKEN_LIFETIME);
        claims.put("at_hash", IdTokens.leftHalfOfHash(accessToken));
        claims.put("email", server.account());
        grant.nonce().ifPresent(nonce -> claims.put("nonce", nonce));
        server.idTokenClaims(grant, claims);
        return claims;
    }

    static String required(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new Refusal("invalid_request", "There is no " + name + ".");
        }
        return value;
    }
}
