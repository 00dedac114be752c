package io.cardea.core.login;

import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a callback (RFC 6749, section 4.1.2), each present once or not at all.
 *
 * @param state the login it answers
 * @param issuer who answers (RFC 9207); absent where the server does not say
 * @param error why there is no code; absent where there is one
 * @param grantedCode the code; absent where there is an error
 */
record AuthorizationResponse(
        String provider, String state, Optional<String> issuer, Optional<String> error, Optional<String> grantedCode) {

    // RFC 6749, section 4.1.2.1, and OpenID Connect Core, section 3.1.2.6. Anything else is not repeated to anybody.
    private static final Set<String> KNOWN_ERRORS = Set.of(
            "invalid_request",
            "unauthorized_client",
            "unsupported_response_type",
            "invalid_scope",
            "server_error",
            "temporarily_unavailable",
            "interaction_required",
            "login_required",
            "account_selection_required",
            "consent_required");

    /** @throws OAuthException with {@link OAuthError#INVALID_REQUEST} when a parameter is missing, empty or repeated */
    static AuthorizationResponse of(LoginCallback callback) {
        Optional<String> code = single(callback, "code");
        Optional<String> error = single(callback, "error");
        if (code.isPresent() == error.isPresent()) {
            throw refused(callback.provider(), "A callback carries either a code or an error");
        }
        String state = single(callback, "state")
                .orElseThrow(() -> refused(callback.provider(), "The parameter state is missing"));
        return new AuthorizationResponse(callback.provider(), state, single(callback, "iss"), error, code);
    }

    private static Optional<String> single(LoginCallback callback, String name) {
        List<String> values = callback.parameters().getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1 || values.get(0).isEmpty()) {
            throw refused(callback.provider(), "The parameter " + name + " is empty or repeated");
        }
        return Optional.of(values.get(0));
    }

    /** RFC 9207, section 2.4: an answer that names another issuer is another server's. */
    void requireIssuer(Optional<String> expected) {
        if (issuer.isPresent() && expected.isPresent() && !issuer.equals(expected)) {
            throw refused(provider, "The answer comes from another issuer than the one that was asked");
        }
    }

    /** @throws OAuthException when there is an error in its place */
    String code() {
        return grantedCode.orElseThrow(() -> {
            String why = error.orElse("");
            return why.equals("access_denied")
                    ? new OAuthException(
                            OAuthError.ACCESS_DENIED, Optional.of(provider), "Access was denied at the provider")
                    : new OAuthException(
                            OAuthError.PROVIDER_ERROR,
                            Optional.of(provider),
                            "The provider refused the login" + (KNOWN_ERRORS.contains(why) ? " (" + why + ")" : ""));
        });
    }

    private static OAuthException refused(String provider, String why) {
        return new OAuthException(OAuthError.INVALID_REQUEST, Optional.of(provider), why);
    }

    /** Without code and state. */
    @Override
    public String toString() {
        return "AuthorizationResponse[provider=" + provider + "]";
    }
}
