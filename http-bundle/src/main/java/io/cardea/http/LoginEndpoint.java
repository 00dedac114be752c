package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.http.OAuthServlet.Endpoint;
import io.cardea.http.OAuthServlet.Written;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.Logins;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
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
    public String method() {
        return "GET";
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        LoginRequest wish = new LoginRequest(
                new ConnectionKey(provider, parameter(request, "connection").orElse(ConnectionKey.DEFAULT_CONNECTION)),
                parameter(request, "scope")
                        .map(scope -> List.of(scope.split(" +")))
                        .orElse(List.of()),
                parameter(request, "return_to"),
                publicUrl.redirectUri(provider));
        return logins.begin(wish).toCompletableFuture().thenApply(login -> response -> {
            cookie.set(response, provider, login);
            Answer.redirect(response, login.authorizationUrl().toString());
        });
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values != null && values.length > 1) {
            throw new Refused(400, "invalid_request", "The parameter " + name + " is repeated");
        }
        return Optional.ofNullable(values).map(one -> one[0].trim()).filter(value -> !value.isEmpty());
    }
}
