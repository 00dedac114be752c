package io.cardea.provider.playground.server;

import java.util.Map;

/** The userinfo endpoint (OpenID Connect Core, section 5.3). */
public final class UserinfoEndpoint {

    private final Grants grants;

    UserinfoEndpoint(Grants grants) {
        this.grants = grants;
    }

    /**
     * Who the access token speaks for, as far as its scopes allow.
     *
     * @throws OAuthError {@code invalid_token} (RFC 6750, section 3.1)
     */
    public Map<String, Object> userinfo(String accessToken) {
        return grants.accessToken(accessToken)
                .map(token -> token.grant().person().claims(token.scopes()))
                .orElseThrow(
                        () -> new OAuthError(401, "invalid_token", "the access token is unknown, expired or revoked"));
    }
}
