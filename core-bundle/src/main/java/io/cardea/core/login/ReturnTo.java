package io.cardea.core.login;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a browser may be sent after a login: a path on this origin and nothing that any browser could read as more. The
 * rule is narrower than RFC 3986: one leading slash, then the characters of a URL, without a backslash, a control
 * character or an escaped one.
 */
final class ReturnTo {

    private static final Pattern PATH = Pattern.compile("/(?![/\\\\])[A-Za-z0-9\\-._~!$&'()*+,;=:@%/?#\\[\\]]*");
    private static final Pattern ESCAPED_TRICK = Pattern.compile("(?i)%(0|1|7f|5c|2f)");
    private static final int LONGEST = 512;

    private ReturnTo() {}

    static boolean isAllowed(String path) {
        return path.length() <= LONGEST
                && PATH.matcher(path).matches()
                && !ESCAPED_TRICK.matcher(path).find();
    }

    static boolean isAllowed(Optional<String> path) {
        return path.map(ReturnTo::isAllowed).orElse(true);
    }
}
