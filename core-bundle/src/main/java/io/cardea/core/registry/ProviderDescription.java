package io.cardea.core.registry;

import io.cardea.core.outbound.Hosts;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderInfo;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a provider says of itself when it arrives.
 *
 * @param info for the listing
 * @param redirectUri see {@link OAuthProvider#redirectUri()}
 * @param manualRedirectUri see {@link OAuthProvider#manualRedirectUri()}
 * @param allowedHosts see {@link OAuthProvider#allowedHosts()}, in lower case
 * @param idTokenSignedResponseAlg see {@link OAuthProvider#idTokenSignedResponseAlg()}
 * @param idTokenIssuers see {@link OAuthProvider#idTokenIssuers()}
 */
record ProviderDescription(
        ProviderInfo info,
        Optional<String> redirectUri,
        Optional<String> manualRedirectUri,
        Set<String> allowedHosts,
        String idTokenSignedResponseAlg,
        Optional<Pattern> idTokenIssuers) {

    private static final int MAX_REDIRECT_URI = 512;
    private static final Set<String> LISTENED_ON = Set.of("localhost", "127.0.0.1", "[::1]");

    /** @throws RuntimeException whatever the provider throws */
    static ProviderDescription of(OAuthProvider provider) {
        return new ProviderDescription(
                Objects.requireNonNull(provider.info(), "info() answered null"),
                Objects.requireNonNull(provider.redirectUri(), "redirectUri() answered null"),
                Objects.requireNonNull(provider.manualRedirectUri(), "manualRedirectUri() answered null"),
                provider.allowedHosts().stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()),
                Objects.requireNonNull(provider.idTokenSignedResponseAlg(), "idTokenSignedResponseAlg() answered null"),
                Objects.requireNonNull(provider.idTokenIssuers(), "idTokenIssuers() answered null"));
    }

    /** Why a redirect URI cannot be used; absent when all is well. */
    Optional<String> refusedRedirectUri() {
        if (redirectUri
                .filter(uri -> !isUsable(uri) || !isListenedOn(URI.create(uri)))
                .isPresent()) {
            return Optional.of("its redirect URI must be http with a port and path of this machine, such as"
                    + " http://localhost:1455/auth/callback");
        }
        return manualRedirectUri.filter(uri -> !isUsable(uri)).isPresent()
                ? Optional.of("its manual redirect URI must be an https URL")
                : Optional.empty();
    }

    private static boolean isUsable(String uri) {
        try {
            URI url = URI.create(uri);
            return uri.length() <= MAX_REDIRECT_URI && url.getRawFragment() == null && Hosts.isSecure(url);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isListenedOn(URI url) {
        return url.getScheme().equals("http")
                && LISTENED_ON.contains(url.getHost())
                && url.getPort() > 0
                && url.getRawQuery() == null
                && url.getRawPath().startsWith("/");
    }
}
