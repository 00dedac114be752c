package io.cardea.provider.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The parameters of a query or a form (RFC 6749, appendix B). */
final class Parameters {

    private Parameters() {}

    static String encode(Map<String, ?> parameters) {
        return parameters.entrySet().stream()
                .map(one -> encode(one.getKey()) + "=" + encode(String.valueOf(one.getValue())))
                .collect(Collectors.joining("&"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** RFC 6749, section 3.1: a parameter without a value counts as omitted, and none may be there twice. */
    static Map<String, String> decode(String encoded) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : encoded.split("&", -1)) {
            String[] pair = parameter.split("=", 2);
            if (pair.length < 2 || pair[1].isEmpty()) {
                continue;
            }
            String name = decoded(pair[0]);
            if (parameters.putIfAbsent(name, decoded(pair[1])) != null) {
                throw new Refusal("invalid_request", "The parameter " + name + " is there twice.");
            }
        }
        return parameters;
    }

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal("invalid_request", "A parameter is not encoded as a form wants it.");
        }
    }

    /** As somebody reads it who does not care whether it is a form. */
    static String readable(String encoded) {
        try {
            return URLDecoder.decode(encoded, UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }
}
