package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.Providers;
import io.cardea.oauth.provider.ProviderInfo;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code /login} for those who mean it: another site's page can send a browser here, and a person who is logged in at the
 * provider would be connected without having asked for it. So whoever comes from another site is asked first.
 */
final class ConfirmedLogin implements Endpoint {

    private final Providers providers;
    private final Pages pages;
    private final Endpoint login;

    ConfirmedLogin(Providers providers, Pages pages, Endpoint login) {
        this.providers = providers;
        this.pages = pages;
        this.login = login;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) throws IOException {
        // No page can forge this header; what a click on our own page sends says same-origin.
        if (!"cross-site".equals(request.getHeader("Sec-Fetch-Site"))) {
            return login.answer(provider, request);
        }
        ProviderInfo info = available(provider);
        LoginParameters parameters = LoginParameters.of(request);
        if (!takesPage(request)) {
            throw new Refused(403, "invalid_request", "Another site may send a person here, but not load this address");
        }
        String page = pages.confirmation(info, parameters);
        return CompletableFuture.completedFuture(response -> Answer.page(response, 200, page));
    }

    private ProviderInfo available(String provider) {
        ProviderInfo info = providers
                .find(provider)
                .orElseThrow(() -> new OAuthException(
                        OAuthError.UNKNOWN_PROVIDER,
                        Optional.of(provider).filter(ConnectionKey::isProviderName),
                        "There is no provider of that name here; /oauth/providers lists those that are"))
                .info();
        info.unavailable().ifPresent(why -> {
            throw new OAuthException(OAuthError.PROVIDER_UNAVAILABLE, Optional.of(provider), why);
        });
        return info;
    }

    /** A navigation always does. */
    private static boolean takesPage(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return accept == null || accept.contains("text/html") || accept.contains("text/*") || accept.contains("*/*");
    }
}
