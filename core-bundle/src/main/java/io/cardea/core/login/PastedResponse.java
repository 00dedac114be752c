package io.cardea.core.login;

import static io.cardea.core.login.CodeFlow.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads what a person pasted: a code, {@code code#state}, or the whole address that the browser was sent to. */
final class PastedResponse {

    private static final int LONGEST = 8192;
    private static final Pattern CODE = Pattern.compile("[\\x20-\\x7e]+"); // RFC 6749, appendix A.11

    private PastedResponse() {}

    /** @throws io.cardea.oauth.OAuthException when it cannot be this login's answer */
    static AuthorizationResponse read(String provider, String pasted, String state) {
        String text = pasted.strip();
        if (text.isEmpty() || text.length() > LONGEST) {
            throw refused(provider, "Paste the code that the page shows, or the whole address of the page");
        }
        AuthorizationResponse response = response(provider, text, state);
        if (!MessageDigest.isEqual(response.state().getBytes(UTF_8), state.getBytes(UTF_8))) {
            throw refused(
                    provider, "This is the answer to another login. Paste the one to this login, or start again.");
        }
        return response;
    }

    private static AuthorizationResponse response(String provider, String text, String state) {
        if (text.startsWith("http://") || text.startsWith("https://")) {
            int query = text.indexOf('?');
            int fragment = text.indexOf('#');
            if (query < 0 || (fragment >= 0 && fragment < query)) {
                throw refused(provider, "This address holds no answer: it must contain code= and state=");
            }
            return AuthorizationResponse.of(
                    provider, decoded(provider, text.substring(query + 1, fragment < 0 ? text.length() : fragment)));
        }
        if (!CODE.matcher(text).matches()) {
            throw refused(provider, "This is no code. Copy it again.");
        }
        int hash = text.indexOf('#');
        // A bare code has no state; it is whoever knows the flow that vouches for it.
        return hash < 0
                ? AuthorizationResponse.ofCode(provider, text, state)
                : AuthorizationResponse.ofCode(provider, text.substring(0, hash), text.substring(hash + 1));
    }

    private static Map<String, List<String>> decoded(String provider, String query) {
        Map<String, List<String>> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            try {
                String name = URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), UTF_8);
                String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), UTF_8);
                parameters.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
            } catch (IllegalArgumentException e) {
                throw refused(provider, "This address is damaged. Copy it again.");
            }
        }
        return parameters;
    }
}
