package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.Logins;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.Providers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code GET /oauth/{provider}/callback}: where the provider sends the browser back to. */
final class CallbackEndpoint implements Endpoint {

    /** The parameter that holds what {@link FormPostEndpoint} was sent. */
    static final String RESPONSE = "response";

    private final Logins logins;
    private final PublicUrl publicUrl;
    private final LoginCookie cookie;
    private final ResponseSeal seal;
    private final Providers providers;
    private final Pages pages;

    CallbackEndpoint(
            Logins logins,
            PublicUrl publicUrl,
            LoginCookie cookie,
            ResponseSeal seal,
            Providers providers,
            Pages pages) {
        this.logins = logins;
        this.publicUrl = publicUrl;
        this.cookie = cookie;
        this.seal = seal;
        this.providers = providers;
        this.pages = pages;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        Map<String, List<String>> query = FormParameters.ofQuery(request);
        return complete(provider, query.containsKey(RESPONSE) ? opened(provider, query) : query, request);
    }

    private String displayName(String provider) {
        return providers.find(provider).map(known -> known.info().displayName()).orElse(provider);
    }

    private Map<String, List<String>> opened(String provider, Map<String, List<String>> query) {
        List<String> sealed = query.getOrDefault(RESPONSE, List.of());
        return Optional.of(sealed)
                .filter(values -> query.size() == 1 && values.size() == 1)
                .flatMap(values -> seal.open(provider, values.get(0)))
                .map(form -> FormParameters.parse(new String(form, UTF_8)))
                .orElseThrow(() -> new OAuthException(
                        OAuthError.INVALID_REQUEST,
                        Optional.of(provider),
                        "This answer of the provider is not one that was just handed on here. Start again."));
    }

    /** Ends the login with what the provider answered, however that came here. */
    CompletableFuture<Written> complete(
            String provider, Map<String, List<String>> parameters, HttpServletRequest request) {
        if (parameters.getOrDefault("state", List.of()).stream()
                .anyMatch(state -> cookie.isCompleted(request, state))) {
            return CompletableFuture.completedFuture(shownAgain(request));
        }
        LoginCallback callback = new LoginCallback(
                provider, publicUrl.redirectUri(provider), parameters, id -> cookie.read(request, id));
        return logins.complete(callback).toCompletableFuture().thenApply(login -> response -> {
            cookie.complete(response, provider, login.id());
            if (login.returnTo().isPresent()) {
                Answer.redirect(
                        response, 302, publicUrl.path() + login.returnTo().get());
            } else {
                Answer.page(response, 200, pages.success(displayName(provider), login.connection()));
            }
        });
    }

    /** A person who reloads the page has done nothing wrong. */
    private Written shownAgain(HttpServletRequest request) {
        if (Failure.prefersPage(request)) {
            return response -> Answer.page(response, 400, pages.shownAgain());
        }
        throw new Refused(400, "invalid_request", "This login is completed already; nothing more is to be done");
    }
}
