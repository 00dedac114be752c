package io.cardea.http;

import io.cardea.http.OAuthServlet.Endpoint;
import io.cardea.http.OAuthServlet.Written;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.Logins;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code GET /oauth/{provider}/login}: sends the browser to the provider. */
final class LoginEndpoint implements Endpoint {

    private final Logins logins;
    private final PublicUrl publicUrl;
    private final LoginCookie cookie;

    LoginEndpoint(Logins logins, PublicUrl publicUrl, LoginCookie cookie) {
        this.logins = logins;
        this.publicUrl = publicUrl;
        this.cookie = cookie;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        LoginParameters parameters = LoginParameters.of(request);
        LoginRequest wish = new LoginRequest(
                new ConnectionKey(provider, parameters.connection().orElse(ConnectionKey.DEFAULT_CONNECTION)),
                parameters.scope().map(scope -> List.of(scope.split(" +"))).orElse(List.of()),
                parameters.returnTo(),
                publicUrl.redirectUri(provider));
        return logins.begin(wish).toCompletableFuture().thenApply(login -> response -> {
            cookie.set(response, provider, login);
            Answer.redirect(response, 302, login.authorizationUrl().toString());
        });
    }
}
