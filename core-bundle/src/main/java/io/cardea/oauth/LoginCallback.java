package io.cardea.oauth;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a browser brought back (RFC 6749, section 4.1.2).
 *
 * @param provider the provider that the callback's path names
 * @param redirectUri the callback's URL, from configuration alone
 * @param parameters the request's parameters; each with all its values, for a repeated one is refused
 * @param sealed the {@link BegunLogin#sealed()} that the browser holds for a {@link BegunLogin#id()}, if any
 */
public record LoginCallback(
        String provider,
        String redirectUri,
        Map<String, List<String>> parameters,
        Function<String, Optional<String>> sealed) {

    /** Without the parameters, for they hold code and state. */
    @Override
    public String toString() {
        return "LoginCallback[provider=" + provider + "]";
    }
}
