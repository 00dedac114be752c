package io.cardea.oauth;

import java.util.Optional;

/**
 * What a connection is known by.
 *
 * @param provider a provider's name, matching {@code [a-z0-9][a-z0-9-]{0,62}}
 * @param connection the connection's name, matching {@code [A-Za-z0-9._@-]{1,128}}
 */
public record ConnectionKey(String provider, String connection) {

    /** The connection of those who name none. */
    public static final String DEFAULT_CONNECTION = "default";

    private static final int MAX_PROVIDER = 63;
    private static final int MAX_CONNECTION = 128;

    /** @throws OAuthException with {@link OAuthError#INVALID_REQUEST} for a name that cannot be */
    public ConnectionKey {
        if (!isProviderName(provider)) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST,
                    Optional.empty(),
                    "A provider's name must match [a-z0-9][a-z0-9-]{0,62}");
        }
        if (!isConnectionName(connection)) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST,
                    Optional.of(provider),
                    "A connection's name must match [A-Za-z0-9._@-]{1,128}");
        }
    }

    /** Whether a provider may have this name. */
    public static boolean isProviderName(String name) {
        // By hand, for both names are on the way of every request.
        if (name.isEmpty() || name.length() > MAX_PROVIDER || name.charAt(0) == '-') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(isLower(c) || isDigit(c) || c == '-')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isConnectionName(String name) {
        if (name.isEmpty() || name.length() > MAX_CONNECTION) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = isLower(c) || (c >= 'A' && c <= 'Z');
            if (!(letter || isDigit(c) || c == '.' || c == '_' || c == '@' || c == '-')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The name as {@code provider/connection}. */
    @Override
    public String toString() {
        return provider + "/" + connection;
    }
}
