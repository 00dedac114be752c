package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.HexFormat;
import java.util.Map;

/** Encodes {@code application/x-www-form-urlencoded}, as RFC 6749 appendix B wants it. */
final class Form {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Form() {}

    static String encode(Map<String, String> parameters) {
        StringBuilder form = new StringBuilder(256);
        parameters.forEach((name, value) -> append(form, name, value));
        return form.toString();
    }

    /** Adds parameters to the query of an endpoint, which may have one already (RFC 6749, section 3.1). */
    static String append(URI endpoint, Map<String, String> parameters) {
        StringBuilder url = new StringBuilder(1024).append(endpoint);
        char separator = endpoint.getRawQuery() == null ? '?' : '&';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            append(url.append(separator), parameter.getKey());
            append(url.append('='), parameter.getValue());
            separator = '&';
        }
        return url.toString();
    }

    static void append(StringBuilder form, String name, String value) {
        if (!form.isEmpty()) {
            form.append('&');
        }
        append(form, name);
        append(form.append('='), value);
    }

    /** Without {@link URLEncoder} where there is nothing but ASCII, for this is on the way of every login. */
    private static void append(StringBuilder form, String text) {
        int begun = form.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                form.setLength(begun);
                form.append(encode(text));
                return;
            }
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._*".indexOf(c) >= 0) {
                form.append(c);
            } else {
                form.append('%').append(HEX.toHighHexDigit(c)).append(HEX.toLowHexDigit(c));
            }
        }
    }

    /** A space becomes %20, which every server reads, in queries too. */
    static String encode(String text) {
        String encoded = URLEncoder.encode(text, UTF_8);
        return encoded.indexOf('+') < 0 ? encoded : encoded.replace("+", "%20");
    }
}
