package io.cardea.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What stands before {@code /login} when more than this machine's user can reach it: {@code CARDEA_LOGIN_PROTECTION}. */
enum LoginProtection {
    /** Nothing: only this machine can reach it. */
    NONE,
    /** An API key, which is asked for here. */
    KEY,
    /** A reverse proxy that knows who calls; here there is nothing to do. */
    PROXY;

    /** What is configured; a value that cannot be is refused, for it would otherwise protect nothing. */
    static LoginProtection of(@Nullable String setting) {
        if (setting == null || setting.isBlank()) {
            return NONE;
        }
        for (LoginProtection each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(setting.trim())) {
                return each;
            }
        }
        throw new IllegalArgumentException("CARDEA_LOGIN_PROTECTION must be none, key or proxy, not " + setting);
    }
}
