package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.Audit;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Predicate;

/**
 * Lets those pass who show an API key (RFC 6750). A stranger learns nothing, not even which providers are here.
 *
 * @param audit is told of the keys that are refused
 * @param action what is done, in the words by which keys are limited
 */
record ApiKeyCheck(ApiKeys keys, Audit audit, String action) {

    private static final String CHALLENGE = "Bearer realm=\"cardea\""; // RFC 6750, section 3

    /** @throws Refused with 401 */
    void require(HttpServletRequest request, String provider) {
        accepted(request, provider);
    }

    /**
     * For what is about no provider in particular, or about several.
     *
     * @return whether the key is good for a provider, too, at the moment of the question
     * @throws Refused with 401 for a key that is good for none
     */
    Predicate<String> requireAny(HttpServletRequest request) {
        String key = accepted(request, "");
        return provider -> keys.accepts(key, provider, action);
    }

    private String accepted(HttpServletRequest request, String provider) {
        String key = ShownKey.bearer(request)
                .orElseThrow(() -> Refused.unauthorized(
                        CHALLENGE, "Show an API key: Authorization: Bearer <the content of data/keys/api-key>"));
        if (!keys.accepts(key, provider, action)) {
            audit.keyRefused(key, provider, action, request.getRemoteAddr());
            throw Refused.unauthorized(CHALLENGE, "This API key is not valid here");
        }
        return key;
    }
}
