package io.cardea.provider.playground.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The parameters of a request. One without a value counts as absent (RFC 6749, section 3.1); which ones were there more
 * than once is remembered, for none may be.
 */
public final class Parameters {

    private final Map<String, String> values;
    private final Set<String> repeated;

    private Parameters(Map<String, String> values, Set<String> repeated) {
        this.values = values;
        this.repeated = repeated;
    }

    /**
     * Reads {@code application/x-www-form-urlencoded}.
     *
     * @throws OAuthError when it is malformed
     */
    public static Parameters parse(String form) {
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> repeated = new TreeSet<>();
        for (String pair : form.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (values.put(name, value) != null) {
                repeated.add(name);
            }
        }
        values.values().removeIf(String::isEmpty);
        return new Parameters(values, repeated);
    }

    /** Parameters each of which is there once. */
    public static Parameters of(Map<String, String> values) {
        return new Parameters(Map.copyOf(values), Set.of());
    }

    /** The parameter's value, if it was there exactly once. */
    public Optional<String> get(String name) {
        return repeated.contains(name) ? Optional.empty() : Optional.ofNullable(values.get(name));
    }

    /**
     * The parameter's value.
     *
     * @throws OAuthError {@code invalid_request} when it is missing
     */
    public String required(String name) {
        return get(name).orElseThrow(() -> OAuthError.invalidRequest(name + " is missing"));
    }

    /**
     * Refuses a request with a repeated parameter (RFC 6749, sections 3.1 and 3.2).
     *
     * @throws OAuthError {@code invalid_request}
     */
    public Parameters once() {
        if (!repeated.isEmpty()) {
            throw OAuthError.invalidRequest("a parameter must not be repeated");
        }
        return this;
    }

    /** Those of them that have one of the names. */
    public Map<String, String> only(Set<String> names) {
        return values.entrySet().stream()
                .filter(entry -> names.contains(entry.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The opposite of {@link #parse}. */
    public static String encode(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw OAuthError.invalidRequest("the parameters are malformed");
        }
    }

    /** Without any value, for one may be a secret. */
    @Override
    public String toString() {
        return "Parameters" + values.keySet();
    }
}
