package io.cardea.provider.playground.server;

/** The revocation endpoint (RFC 7009). */
public final class RevocationEndpoint {

    private final Grants grants;

    RevocationEndpoint(Grants grants) {
        this.grants = grants;
    }

    /**
     * Makes a token useless. An unknown one is no error (RFC 7009, section 2.2); {@code token_type_hint} is not needed.
     *
     * @param client who asks, authenticated
     * @throws OAuthError when the token belongs to another client
     */
    public void revoke(Client client, Parameters parameters) {
        String token = parameters.required("token");
        grants.grantOf(token).ifPresent(grant -> {
            if (!grant.client().equals(client)) {
                throw OAuthError.invalidGrant("the token was issued to another client");
            }
            grants.revoke(token);
        });
    }
}
