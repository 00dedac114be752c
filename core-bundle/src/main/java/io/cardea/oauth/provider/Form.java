package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;

/** Encodes {@code application/x-www-form-urlencoded}, as RFC 6749 appendix B wants it. */
final class Form {

    private Form() {}

    static String encode(Map<String, String> parameters) {
        StringBuilder form = new StringBuilder(256);
        parameters.forEach((name, value) -> append(form, name, value));
        return form.toString();
    }

    static void append(StringBuilder form, String name, String value) {
        if (!form.isEmpty()) {
            form.append('&');
        }
        form.append(encode(name)).append('=').append(encode(value));
    }

    /** A space becomes %20, which every server reads, in queries too. */
    static String encode(String text) {
        String encoded = URLEncoder.encode(text, UTF_8);
        return encoded.indexOf('+') < 0 ? encoded : encoded.replace("+", "%20");
    }
}
