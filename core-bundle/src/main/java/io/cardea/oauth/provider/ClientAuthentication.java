package io.cardea.oauth.provider;

import java.util.List;
import java.util.Locale;

/** How the client authenticates at the token endpoint (RFC 6749, section 2.3; OpenID Connect Core, section 9). */
enum ClientAuthentication {
    NONE,
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    PRIVATE_KEY_JWT;

    /** The one that is set, or else the one that the registration allows. */
    static ClientAuthentication of(Settings settings) {
        String usual = settings.text("client_secret").isPresent() ? "client_secret_post" : "none";
        return valueOf(settings.oneOf(
                        "client_auth",
                        settings.text("private_key").isPresent() ? "private_key_jwt" : usual,
                        List.of("none", "client_secret_basic", "client_secret_post", "private_key_jwt"))
                .toUpperCase(Locale.ROOT));
    }

    /** The settings without which it cannot be done. */
    List<String> needs() {
        return switch (this) {
            case NONE -> List.of("client_id");
            case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST -> List.of("client_id", "client_secret");
            case PRIVATE_KEY_JWT -> List.of("client_id", "private_key");
        };
    }
}
