package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.http.OAuthServlet.Endpoint;
import io.cardea.http.OAuthServlet.Written;
import io.cardea.oauth.ApiKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** {@code /login} for those who show an API key alone; a browser asks its user for one, with a dialog of its own. */
final class KeyedLogin implements Endpoint {

    private static final String CHALLENGE = "Basic realm=\"cardea\", charset=\"UTF-8\""; // RFC 7617, section 2.1

    private final ApiKeys keys;
    private final Endpoint login;

    KeyedLogin(ApiKeys keys, Endpoint login) {
        this.keys = keys;
        this.login = login;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) throws IOException {
        boolean accepted = ShownKey.bearer(request)
                .or(() -> ShownKey.password(request))
                .filter(key -> keys.accepts(key, provider, "login"))
                .isPresent();
        if (!accepted) {
            throw Refused.unauthorized(
                    CHALLENGE, "To log in here, give an API key as the password; any user name will do");
        }
        return login.answer(provider, request);
    }
}
