package io.cardea.oauth;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a connection is known by.
 *
 * @param provider a provider's name, matching {@code [a-z0-9][a-z0-9-]{0,62}}
 * @param connection the connection's name, matching {@code [A-Za-z0-9._@-]{1,128}}
 */
public record ConnectionKey(String provider, String connection) {

    /** The connection of those who name none. */
    public static final String DEFAULT_CONNECTION = "default";

    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern CONNECTION = Pattern.compile("[A-Za-z0-9._@-]{1,128}");

    /** @throws OAuthException with {@link OAuthError#INVALID_REQUEST} for a name that cannot be */
    public ConnectionKey {
        if (!isProviderName(provider)) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST, Optional.empty(), "A provider's name must match " + PROVIDER);
        }
        if (!CONNECTION.matcher(connection).matches()) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST, Optional.of(provider), "A connection's name must match " + CONNECTION);
        }
    }

    /** Whether a provider may have this name. */
    public static boolean isProviderName(String name) {
        return PROVIDER.matcher(name).matches();
    }

    /** The name as {@code provider/connection}. */
    @Override
    public String toString() {
        return provider + "/" + connection;
    }
}
