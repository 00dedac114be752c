package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.Providers;
import io.cardea.oauth.provider.ProviderInfo;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code /login} for those who mean it: another site's page can send a browser here, and a person who is logged in at the
 * provider would be connected without having asked for it. So whoever comes from another site is asked first.
 */
final class ConfirmedLogin implements Endpoint {

    private final Providers providers;
    private final PublicUrl publicUrl;
    private final Pages pages;
    private final Endpoint login;

    ConfirmedLogin(Providers providers, PublicUrl publicUrl, Pages pages, Endpoint login) {
        this.providers = providers;
        this.publicUrl = publicUrl;
        this.pages = pages;
        this.login = login;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) throws IOException {
        if (!isFromAnotherSite(request)) {
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

    /**
     * What a click on our own page sends says same-origin, and what a person types or a program opens says none. A
     * sibling is another site for us, for to a browser any two ports of this machine are the same site. No page can forge
     * that header; but an old browser does not send it, nor does any browser over http to another machine (W3C Fetch
     * Metadata), and then there may still be where the request comes from.
     */
    private boolean isFromAnotherSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.isEmpty()) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = request.getHeader("Origin");
        String referer = request.getHeader("Referer");
        return (origin != null && !publicUrl.isOrigin(origin))
                || (referer != null && !referer.isEmpty() && !publicUrl.isOrigin(origin(referer)));
    }

    /** The origin of a URL; empty where it has none. */
    private static String origin(String url) {
        try {
            URI uri = new URI(url);
            return uri.getScheme() + "://" + uri.getRawAuthority();
        } catch (URISyntaxException e) {
            return "";
        }
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
