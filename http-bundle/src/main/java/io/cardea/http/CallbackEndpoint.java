package io.cardea.http;

import io.cardea.http.OAuthServlet.Endpoint;
import io.cardea.http.OAuthServlet.Written;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.Logins;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code GET /oauth/{provider}/callback}: where the provider sends the browser back to. */
final class CallbackEndpoint implements Endpoint {

    private final Logins logins;
    private final PublicUrl publicUrl;
    private final LoginCookie cookie;
    private final Pages pages;

    CallbackEndpoint(Logins logins, PublicUrl publicUrl, LoginCookie cookie, Pages pages) {
        this.logins = logins;
        this.publicUrl = publicUrl;
        this.cookie = cookie;
        this.pages = pages;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        Map<String, List<String>> parameters = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> parameters.put(name, List.of(values)));
        LoginCallback callback = new LoginCallback(
                provider, publicUrl.redirectUri(provider), parameters, id -> cookie.read(request, id));
        return logins.complete(callback).toCompletableFuture().thenApply(login -> response -> {
            cookie.clear(response, provider, login.id());
            if (login.returnTo().isPresent()) {
                Answer.redirect(response, publicUrl.path() + login.returnTo().get());
            } else {
                Answer.page(response, 200, pages.success(login.connection()));
            }
        });
    }
}
