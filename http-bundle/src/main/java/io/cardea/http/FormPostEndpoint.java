package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.owasp.encoder.Encode;

/**
 * {@code POST /oauth/{provider}/callback}: the same answer in a form that the provider's page posts (OAuth 2.0 Form Post
 * Response Mode). A browser sends no {@code SameSite=Lax} cookie with such a post, so the answer is handed on, sealed, in
 * a redirect, for to that the browser does bring the cookie.
 */
final class FormPostEndpoint implements Endpoint {

    private static final int MAX_SEALED = 8 * 1024;

    private final CallbackEndpoint callback;
    private final PublicUrl publicUrl;
    private final LoginCookie cookie;
    private final ResponseSeal seal;
    private final RequestBody body;

    FormPostEndpoint(
            CallbackEndpoint callback, PublicUrl publicUrl, LoginCookie cookie, ResponseSeal seal, RequestBody body) {
        this.callback = callback;
        this.publicUrl = publicUrl;
        this.cookie = cookie;
        this.seal = seal;
        this.body = body;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        if (!RequestBody.isOfType(request, "application/x-www-form-urlencoded")) {
            throw new Refused(415, "invalid_request", "The body must be application/x-www-form-urlencoded");
        }
        return body.read(request).thenCompose(form -> {
            if (!cookie.isPresent(request) && isFromAnotherOrigin(request)) {
                return CompletableFuture.completedFuture(handedOn(provider, form));
            }
            return callback.complete(provider, FormParameters.parse(new String(form, UTF_8)), request);
        });
    }

    private static boolean isFromAnotherOrigin(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return "cross-site".equals(site) || "same-site".equals(site);
    }

    private Written handedOn(String provider, byte[] form) {
        String sealed = seal.seal(provider, form);
        if (sealed.length() > MAX_SEALED) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST, Optional.of(provider), "The provider's answer is too long");
        }
        // 303: what the browser comes back with is a GET (RFC 9110, section 15.4.4).
        return response -> Answer.redirect(
                response,
                303,
                publicUrl.path() + "/oauth/" + Encode.forUriComponent(provider) + "/callback?"
                        + CallbackEndpoint.RESPONSE + "=" + sealed);
    }
}
