package io.cardea.http;

import io.cardea.oauth.BegunLogin;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Optional;

/**
 * The cookie that binds a login to the browser that began it. One for each login, so that many tabs can log in at once,
 * and only ever sent to that provider's callback.
 */
final class LoginCookie {

    private final String prefix;
    private final String path;
    private final String attributes;

    LoginCookie(PublicUrl publicUrl) {
        this.prefix = (publicUrl.isSecure() ? "__Secure-" : "") + "cardea-login-";
        this.path = publicUrl.path() + "/oauth/";
        this.attributes = "; HttpOnly; SameSite=Lax" + (publicUrl.isSecure() ? "; Secure" : "");
    }

    void set(HttpServletResponse response, String provider, BegunLogin login) {
        add(response, provider, login.id(), login.sealed(), login.lifetime().toSeconds());
    }

    void clear(HttpServletResponse response, String provider, String id) {
        add(response, provider, id, "", 0);
    }

    Optional<String> read(HttpServletRequest request, String id) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            String name = prefix + id;
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return Optional.of(cookie.getValue());
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a login's cookie came with a request, whichever login's: a browser sends all of them or none. */
    boolean isPresent(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies != null
                && Arrays.stream(cookies).anyMatch(cookie -> cookie.getName().startsWith(prefix));
    }

    private void add(HttpServletResponse response, String provider, String id, String value, long maxAge) {
        response.addHeader(
                "Set-Cookie",
                prefix + id + "=" + value + "; Path=" + path + provider + "/callback; Max-Age=" + maxAge + attributes);
    }
}
