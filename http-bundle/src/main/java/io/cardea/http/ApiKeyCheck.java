package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ApiKeys;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Lets those pass who show an API key (RFC 6750). A stranger learns nothing, not even which providers are here.
 *
 * @param action what is done, in the words by which keys are limited
 */
record ApiKeyCheck(ApiKeys keys, String action) {

    private static final String CHALLENGE = "Bearer realm=\"cardea\""; // RFC 6750, section 3

    /** @throws Refused with 401 */
    void require(HttpServletRequest request, String provider) {
        String key = ShownKey.bearer(request)
                .orElseThrow(() -> Refused.unauthorized(
                        CHALLENGE, "Show an API key: Authorization: Bearer <the content of data/keys/api-key>"));
        if (!keys.accepts(key, provider, action)) {
            throw Refused.unauthorized(CHALLENGE, "This API key is not valid here");
        }
    }
}
