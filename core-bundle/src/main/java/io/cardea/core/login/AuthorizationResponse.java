package io.cardea.core.login;

import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.ServerMetadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a callback (RFC 6749, section 4.1.2), each present once or not at all.
 *
 * @param state the login it answers
 * @param issuer who answers (RFC 9207); absent where the server does not say
 * @param error why there is no code; absent where there is one
 * @param grantedCode the code; absent where there is an error
 * @param isWhole whether it is all that the server sent, or a code alone that a person has copied from a page
 */
record AuthorizationResponse(
        String provider,
        String state,
        Optional<String> issuer,
        Optional<String> error,
        Optional<String> grantedCode,
        boolean isWhole) {

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
    static AuthorizationResponse of(String provider, Map<String, List<String>> parameters) {
        Optional<String> code = single(provider, parameters, "code");
        Optional<String> error = single(provider, parameters, "error");
        if (code.isPresent() == error.isPresent()) {
            throw refused(
                    provider,
                    "This address holds no answer of a provider: either a code or an error. Start a login again.");
        }
        String state = single(provider, parameters, "state")
                .orElseThrow(() -> refused(provider, "The parameter state is missing"));
        return new AuthorizationResponse(provider, state, single(provider, parameters, "iss"), error, code, true);
    }

    /** What a person has copied from a page that shows a code, and perhaps {@code state}, but not who says so. */
    static AuthorizationResponse ofCode(String provider, String code, String state) {
        if (code.isEmpty() || state.isEmpty()) {
            throw refused(provider, "Paste the code that the page shows, or the whole address of the page");
        }
        return new AuthorizationResponse(provider, state, Optional.empty(), Optional.empty(), Optional.of(code), false);
    }

    private static Optional<String> single(String provider, Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1 || values.get(0).isEmpty()) {
            throw refused(provider, "The parameter " + name + " is empty or repeated");
        }
        return Optional.of(values.get(0));
    }

    /** RFC 9207, section 2.4: an answer that names another issuer, or none where it must, may be another server's. */
    void requireIssuer(ServerMetadata server) {
        if (isWhole && issuer.isEmpty() && server.authorizationResponseIssParameterSupported()) {
            throw refused(provider, "The answer does not say which issuer gives it, as this one always does");
        }
        if (issuer.isPresent() && server.issuer().isPresent() && !issuer.equals(server.issuer())) {
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
