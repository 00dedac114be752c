package io.cardea.core.login;

import io.cardea.core.registry.ServingProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ProviderException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/** What a provider must be able to do for a login of some kind. */
final class Requirements {

    private static final Pattern USER_CODE = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,62}[\\x21-\\x7e])?");

    private Requirements() {}

    static void browserLogin(ServingProvider provider) {
        available(provider);
        if (!provider.info().flows().contains(Flow.AUTHORIZATION_CODE)) {
            throw lacks(provider, "This provider has no login in the browser; use its other flows");
        }
    }

    /** Any authorization code can be pasted, be it from a page of the service or from an address. */
    static void pastedCode(ServingProvider provider) {
        available(provider);
        Set<Flow> flows = provider.info().flows();
        if (!flows.contains(Flow.AUTHORIZATION_CODE) && !flows.contains(Flow.MANUAL_CODE)) {
            throw lacks(provider, "This provider gives no code to paste; use its other flows");
        }
    }

    static void available(ServingProvider provider) {
        provider.info().unavailable().ifPresent(why -> {
            throw new OAuthException(
                    OAuthError.PROVIDER_UNAVAILABLE, Optional.of(provider.info().name()), why);
        });
    }

    /** What a person is to read and type, on a terminal perhaps. */
    static void userCode(ServingProvider provider, String code) {
        if (!USER_CODE.matcher(code).matches()) {
            throw new OAuthException(
                    OAuthError.PROVIDER_ERROR,
                    Optional.of(provider.info().name()),
                    "The provider's user code is none that a person could enter");
        }
    }

    /** A person is only ever sent to a web page, whatever a server says. */
    static void webPage(ServingProvider provider, String uri) {
        if (!WebPage.is(uri)) {
            throw new OAuthException(
                    OAuthError.PROVIDER_ERROR,
                    Optional.of(provider.info().name()),
                    "The provider sends people to something that is no web page");
        }
    }

    /** The failure of a call that not every provider can take. */
    static RuntimeException explained(ServingProvider provider, Throwable thrown, String whyNot) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return ServingProvider.errorCode(cause).equals(Optional.of(ProviderException.UNSUPPORTED))
                ? lacks(provider, whyNot)
                : new CompletionException(cause);
    }

    private static OAuthException lacks(ServingProvider provider, String why) {
        return new OAuthException(
                OAuthError.INVALID_REQUEST, Optional.of(provider.info().name()), why);
    }
}
