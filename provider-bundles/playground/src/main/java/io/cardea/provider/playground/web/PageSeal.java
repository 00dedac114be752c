package io.cardea.provider.playground.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.provider.playground.server.OAuthError;
import io.cardea.provider.playground.server.Parameters;
import io.cardea.provider.playground.server.Secrets;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a page must remember until its form comes back, sealed into the form, so that the server keeps nothing for people
 * who only look. It opens for the browser that got the page alone: another site can neither make one nor have its own
 * posted by somebody else's browser.
 */
final class PageSeal {

    /** The form's hidden field. */
    static final String FIELD = "page";

    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final String EXPIRES = ".expires";
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern BROWSER = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final SecretKeySpec key = new SecretKeySpec(Secrets.randomBytes(KEY_BYTES), "AES");
    private final String cookieName;
    private final boolean https;
    private final InstantSource clock;

    PageSeal(boolean https, InstantSource clock) {
        this.https = https;
        this.cookieName = https ? "__Secure-playground" : "playground";
        this.clock = clock;
    }

    /** Seals values for the browser that sent the request; it gets a cookie by which it is known again. */
    String seal(Map<String, String> values, HttpServletRequest request, HttpServletResponse response) {
        Map<String, String> all = new HashMap<>(values);
        all.put(EXPIRES, String.valueOf(clock.instant().plus(LIFETIME).getEpochSecond()));
        // A cookie that is there already stays, for other tabs have pages that go with it.
        String browser = browser(request).orElseGet(() -> newBrowser(response));
        byte[] nonce = Secrets.randomBytes(NONCE_BYTES);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, browser)
                    .doFinal(Parameters.encode(all).getBytes(UTF_8));
            byte[] both = Arrays.copyOf(nonce, nonce.length + sealed.length);
            System.arraycopy(sealed, 0, both, nonce.length, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /**
     * Opens what came back with a form.
     *
     * @throws OAuthError when it was not made here, not for this browser, or too long ago
     */
    Parameters open(Parameters form, HttpServletRequest request) {
        String browser = browser(request)
                .orElseThrow(() ->
                        OAuthError.invalidRequest("your browser did not send the cookie that came with this page"));
        Parameters values = Parameters.parse(unsealed(form.once().required(FIELD), browser));
        Instant expires = Instant.ofEpochSecond(Long.parseLong(values.required(EXPIRES)));
        if (!expires.isAfter(clock.instant())) {
            throw OAuthError.invalidRequest("this page was open for too long");
        }
        return values;
    }

    private String unsealed(String field, String browser) {
        try {
            byte[] both = Base64.getUrlDecoder().decode(field);
            byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
            byte[] sealed = Arrays.copyOfRange(both, NONCE_BYTES, both.length);
            return new String(cipher(Cipher.DECRYPT_MODE, nonce, browser).doFinal(sealed), UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw OAuthError.invalidRequest("this page is not one that was made for your browser");
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String browser) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(browser.getBytes(UTF_8));
        return cipher;
    }

    private Optional<String> browser(HttpServletRequest request) {
        return Optional.ofNullable(request.getCookies()).stream()
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(cookieName))
                .map(Cookie::getValue)
                .filter(value -> BROWSER.matcher(value).matches())
                .findFirst();
    }

    private String newBrowser(HttpServletResponse response) {
        String browser = Secrets.random();
        Cookie cookie = new Cookie(cookieName, browser);
        // No path: a browser takes the folder of the page, which is right behind a proxy that adds one, too.
        cookie.setHttpOnly(true);
        cookie.setSecure(https);
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
        return browser;
    }
}
