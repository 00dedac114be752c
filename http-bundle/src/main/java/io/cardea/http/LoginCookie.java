package io.cardea.http;

import io.cardea.oauth.BegunLogin;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cookie that binds a login to the browser that began it. One for each login, so that many tabs can log in at once,
 * and only ever sent to that provider's callback.
 */
final class LoginCookie {

    /** In place of a login that has succeeded, for a while: what the browser is told when it shows the answer again. */
    private static final String COMPLETED = "completed";

    private static final long COMPLETED_SECONDS = 300;

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

    /** Leaves nothing of a login but that it has succeeded. */
    void complete(HttpServletResponse response, String provider, String id) {
        add(response, provider, id, COMPLETED, COMPLETED_SECONDS);
    }

    /** Whether a login has succeeded in this browser, named by its whole {@code state}. */
    boolean isCompleted(HttpServletRequest request, String state) {
        return cookies(request)
                .filter(cookie -> cookie.getValue().equals(COMPLETED))
                .anyMatch(cookie -> state.startsWith(cookie.getName().substring(prefix.length())));
    }

    Optional<String> read(HttpServletRequest request, String id) {
        String name = prefix + id;
        return cookies(request)
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue)
                .findFirst();
    }

    /** Whether a login's cookie came with a request, whichever login's: a browser sends all of them or none. */
    boolean isPresent(HttpServletRequest request) {
        return cookies(request).findAny().isPresent();
    }

    private Stream<Cookie> cookies(HttpServletRequest request) {
        return Optional.ofNullable(request.getCookies()).stream()
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().startsWith(prefix));
    }

    private void add(HttpServletResponse response, String provider, String id, String value, long maxAge) {
        response.addHeader(
                "Set-Cookie",
                prefix + id + "=" + value + "; Path=" + path + provider + "/callback; Max-Age=" + maxAge + attributes);
    }
}
