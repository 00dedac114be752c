package io.cardea.http;

import io.cardea.http.loopback.LoopbackListener;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.Logins;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code GET /oauth/{provider}/login}: sends the browser to the provider. */
final class LoginEndpoint implements Endpoint {

    private final Logins logins;
    private final PublicUrl publicUrl;
    private final LoginCookie cookie;
    private final LoopbackListener loopback;

    LoginEndpoint(Logins logins, PublicUrl publicUrl, LoginCookie cookie, LoopbackListener loopback) {
        this.logins = logins;
        this.publicUrl = publicUrl;
        this.cookie = cookie;
        this.loopback = loopback;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        LoginParameters parameters = LoginParameters.of(request);
        if (isElsewhere(request)) {
            // The cookie must be where the callback will be, or the login ends in vain.
            String login = publicUrl.at("/oauth/" + provider + "/login" + parameters.query());
            return CompletableFuture.completedFuture(response -> Answer.redirect(response, 302, login));
        }
        String callback = publicUrl.redirectUri(provider);
        LoginRequest wish = new LoginRequest(
                new ConnectionKey(provider, parameters.connection().orElse(ConnectionKey.DEFAULT_CONNECTION)),
                parameters.scope().map(scope -> List.of(scope.split(" +"))).orElse(List.of()),
                parameters.returnTo(),
                callback);
        return logins.begin(wish).toCompletableFuture().thenApply(login -> {
            if (!login.redirectUri().equals(callback)) {
                loopback.open(URI.create(login.redirectUri()), callback, login.lifetime());
            }
            return written(provider, login);
        });
    }

    private Written written(String provider, BegunLogin login) {
        return response -> {
            cookie.set(response, provider, login);
            Answer.redirect(response, 302, login.authorizationUrl());
        };
    }

    private boolean isElsewhere(HttpServletRequest request) {
        return "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && publicUrl.isOtherName(request.getHeader("Host"));
    }
}
