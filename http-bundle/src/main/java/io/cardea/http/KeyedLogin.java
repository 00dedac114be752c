package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.Audit;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code /login} for those who show an API key alone; a browser asks its user for one, with a dialog of its own. */
final class KeyedLogin implements Endpoint {

    private static final String CHALLENGE = "Basic realm=\"cardea\", charset=\"UTF-8\""; // RFC 7617, section 2.1

    private final ApiKeys keys;
    private final Audit audit;
    private final Endpoint login;

    KeyedLogin(ApiKeys keys, Audit audit, Endpoint login) {
        this.keys = keys;
        this.audit = audit;
        this.login = login;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) throws IOException {
        Optional<String> shown = ShownKey.bearer(request).or(() -> ShownKey.password(request));
        boolean accepted =
                shown.filter(key -> keys.accepts(key, provider, "login")).isPresent();
        if (!accepted) {
            // A browser's first request shows none.
            shown.ifPresent(key -> audit.keyRefused(key, provider, "login", request.getRemoteAddr()));
            throw Refused.unauthorized(
                    CHALLENGE, "To log in here, give an API key as the password; any user name will do");
        }
        return login.answer(provider, request);
    }
}
