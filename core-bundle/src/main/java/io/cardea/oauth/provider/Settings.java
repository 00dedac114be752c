package io.cardea.oauth.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A provider's settings as they were written, read by type. What cannot be is refused with a message that names its key
 * and not its value: anybody may read the message, and a secret may have been put into the wrong place.
 */
final class Settings {

    private static final String VARIABLE = "variable.";
    static final Set<String> KEYS = new TreeSet<>(Set.of(
            "display_name",
            "description",
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "revocation_endpoint",
            "userinfo_endpoint",
            "device_authorization_endpoint",
            "jwks_uri",
            "refresh_endpoint",
            "client_id",
            "client_secret",
            "client_auth",
            "private_key",
            "id_token_signed_response_alg",
            "scope",
            "scope_separator",
            "pkce",
            "redirect_uri",
            "manual_redirect_uri",
            "response_mode",
            "token_body",
            "default_lifetime",
            "expires_unit",
            "allowed_hosts"));
    static final Set<String> PREFIXES = new TreeSet<>(Set.of(
            "authorization_parameter.",
            "token_parameter.",
            "refresh_parameter.",
            "token_header.",
            "token_field.",
            "token_error.",
            VARIABLE));
    // What Declarative Services, ConfigurationAdmin, FileInstall and Configurator add of their own.
    private static final Pattern FRAMEWORK_KEY = Pattern.compile(
            "objectClass|service\\.(pid|factoryPid|id|ranking|scope|bundleid|bundleLocation|vendor|description)"
                    + "|component\\.(name|id)|felix\\.fileinstall\\..+|osgi\\.ds\\..+|\\.?:.+:?");
    // The login's own protection: whoever sets one of these wants something else.
    private static final Set<String> RESERVED = Set.of(
            "authorization_parameter.response_type",
            "authorization_parameter.client_id",
            "authorization_parameter.redirect_uri",
            "authorization_parameter.scope",
            "authorization_parameter.state",
            "authorization_parameter.nonce",
            "authorization_parameter.code_challenge",
            "authorization_parameter.code_challenge_method",
            "token_parameter.grant_type",
            "token_parameter.code",
            "token_parameter.redirect_uri",
            "token_parameter.code_verifier",
            "refresh_parameter.grant_type",
            "refresh_parameter.refresh_token");
    // What could forge a line of a log, or turn the direction of writing. Not the joiners, which some scripts need.
    static final Pattern NOT_PLAIN = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}[\\p{Cf}&&[^\u200c\u200d]]]");

    private static final int MAX_SHOWN_KEY = 40;
    private static final Pattern WORDS = Pattern.compile("[a-z._-]{0,40}");
    private static final Pattern UNRESOLVED = Pattern.compile("\\$[\\[{].*", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern LOOPBACK = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z0-9_-]+)}");
    // What is put into a URL must not change its shape.
    private static final Pattern VARIABLE_VALUE = Pattern.compile("[A-Za-z0-9._~-]{1,200}");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s,]+");

    private final String provider;
    private final Map<String, String> values = new TreeMap<>();

    Settings(String provider) {
        this.provider = provider;
    }

    Settings(Settings original) {
        this.provider = original.provider;
        this.values.putAll(original.values);
    }

    void replaceWith(Settings other) {
        values.clear();
        values.putAll(other.values);
    }

    static boolean isFrameworks(String key) {
        return FRAMEWORK_KEY.matcher(key).matches();
    }

    void set(String key, String value) {
        if (!KEYS.contains(key) && PREFIXES.stream().noneMatch(p -> key.startsWith(p) && key.length() > p.length())) {
            throw unknown(key);
        }
        if (RESERVED.contains(key)) {
            throw refused(key + " cannot be set: Cardea decides it for each request");
        }
        values.put(key, value);
    }

    private IllegalArgumentException unknown(String key) {
        String name = key.substring(key.indexOf('.') + 1);
        Stream<String> known = Stream.concat(KEYS.stream(), PREFIXES.stream().map(prefix -> prefix + name));
        Optional<String> meant = key.length() <= MAX_SHOWN_KEY
                ? Spelling.meant(key, known.filter(one -> !one.equals(key)))
                : Optional.empty();
        // Anything else may be the second line of something that was pasted, such as a client secret.
        String shown = meant.isPresent() || WORDS.matcher(key).matches() ? key : "of " + key.length() + " characters";
        return refused("unknown key " + shown + "; "
                + meant.map(one -> "did you mean " + one + "?").orElseGet(Settings::knownKeys));
    }

    private static String knownKeys() {
        return "known are " + String.join(", ", KEYS) + ", " + String.join("<name>, ", PREFIXES) + "<name>";
    }

    /** Absent when it was not set, or is blank. */
    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
    }

    /** Absent also when it is a reference that the interpolation plugin could not follow and left as it was written. */
    Optional<String> resolved(String key) {
        return text(key).filter(value -> !UNRESOLVED.matcher(value).matches());
    }

    /** Words for people, for which a page or a terminal has room. */
    Optional<String> title(String key, int longest) {
        Optional<String> title = text(key);
        if (title.filter(words ->
                        words.length() > longest || NOT_PLAIN.matcher(words).find())
                .isPresent()) {
            throw refused(key + " may have at most " + longest + " characters, and none that cannot be seen");
        }
        return title;
    }

    /** As it was written, blanks and all. */
    String verbatim(String key, String fallback) {
        return values.getOrDefault(key, fallback);
    }

    /** A URL for requests with secrets in them: https, or http to this very machine. */
    Optional<URI> url(String key) {
        return expanded(key).map(value -> {
            try {
                URI url = new URI(value.trim());
                if (isSafe(url) && url.getUserInfo() == null && url.getFragment() == null) {
                    return url;
                }
            } catch (URISyntaxException e) {
                // Falls through to the one message for every kind of bad URL.
            }
            throw refused(key + " must be an absolute https URL (http only to localhost or a loopback address)"
                    + " without user name and fragment");
        });
    }

    /** One of this machine must be such that Cardea can listen there; any other is a page's. */
    Optional<URI> redirectUri() {
        Optional<URI> uri = url("redirect_uri");
        boolean unfit = uri.filter(url -> isLoopback(url.getHost()))
                .filter(url -> !url.getScheme().equals("http")
                        || (url.getHost().startsWith("127.") && !url.getHost().equals("127.0.0.1"))
                        || url.getPort() <= 0
                        || url.getRawQuery() != null)
                .isPresent();
        if (unfit) {
            throw refused("redirect_uri on this machine must be http with a port and a path, at localhost, 127.0.0.1 or"
                    + " [::1], such as http://localhost:1455/auth/callback");
        }
        return uri;
    }

    private static boolean isSafe(URI url) {
        String host = url.getHost();
        return host != null
                && ("https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && isLoopback(host)));
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || LOOPBACK.matcher(host).matches();
    }

    /**
     * With the variables put in, and the issuer and the client id for {@code {issuer}} and {@code {client_id}}; absent also
     * while one of them is not set, see {@link #missingVariables}.
     */
    Optional<String> expanded(String key) {
        Optional<String> text = text(key);
        // As nearly all are.
        if (text.isEmpty() || text.get().indexOf('{') < 0) {
            return text;
        }
        return text.filter(value ->
                        PLACEHOLDER.matcher(value).results().allMatch(found -> isKnown(source(key, found.group(1)))))
                .map(value -> PLACEHOLDER
                        .matcher(value)
                        .replaceAll(found -> Matcher.quoteReplacement(part(source(key, found.group(1))))));
    }

    /** The key of what a URL's placeholder stands for. */
    private static String source(String key, String placeholder) {
        boolean known = placeholder.equals("client_id") || (placeholder.equals("issuer") && !key.equals("issuer"));
        return known ? placeholder : VARIABLE + placeholder;
    }

    private boolean isKnown(String source) {
        return switch (source) {
            case "issuer" -> expanded(source).isPresent();
            case "client_id" -> resolved(source).isPresent();
            default -> values.containsKey(source);
        };
    }

    private String part(String source) {
        return source.equals("issuer") ? expanded("issuer").orElse("").trim().replaceFirst("/$", "") : variable(source);
    }

    private String variable(String key) {
        String value = values.getOrDefault(key, "").trim();
        if (!VARIABLE_VALUE.matcher(value).matches()) {
            throw refused(key + " may have letters, digits and . _ ~ - alone, for it stands in a URL");
        }
        return value;
    }

    /** The keys of the variables, and the issuer, that URLs need and nobody has set. */
    Set<String> missingVariables() {
        Set<String> missing = new TreeSet<>();
        values.forEach((key, value) -> {
            if (value.indexOf('{') >= 0
                    && (key.equals("issuer") || key.endsWith("_endpoint") || key.endsWith("_uri"))) {
                PLACEHOLDER
                        .matcher(value)
                        .results()
                        .map(found -> source(key, found.group(1)))
                        .forEach(missing::add);
            }
        });
        missing.removeIf(source -> switch (source) {
            case "issuer" -> text(source).isPresent();
            // Every client needs one, and is told so wherever it lacks it.
            case "client_id" -> true;
            default -> values.containsKey(source);
        });
        return missing;
    }

    String oneOf(String key, String fallback, List<String> allowed) {
        String value = text(key).orElse(fallback);
        if (!allowed.contains(value)) {
            throw refused(key + " must be one of " + String.join(", ", allowed));
        }
        return value;
    }

    Optional<Duration> seconds(String key) {
        return text(key).map(value -> {
            try {
                int seconds = Integer.parseInt(value.trim());
                if (seconds > 0) {
                    return Duration.ofSeconds(seconds);
                }
            } catch (NumberFormatException e) {
                // Falls through to the message.
            }
            throw refused(key + " must be a number of seconds");
        });
    }

    /** Several texts, separated by blanks or commas. */
    List<String> list(String key) {
        return text(key).map(Settings::words).orElse(List.of());
    }

    /** Names of hosts, or {@code *.} and one for all below it. */
    Set<String> hosts(String key) {
        Set<String> hosts = new TreeSet<>();
        for (String host : list(key)) {
            if (!HOST.matcher(host).matches()) {
                throw refused(key + " must be names of hosts such as api.example.org or *.example.org");
            }
            hosts.add(host.toLowerCase(Locale.ROOT));
        }
        return hosts;
    }

    static List<String> words(String text) {
        return BETWEEN_WORDS.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    /** All settings below a prefix, by the rest of their key. */
    Map<String, String> below(String prefix) {
        Map<String, String> below = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                below.put(key.substring(prefix.length()), value);
            }
        });
        return below;
    }

    IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("Configuration of provider " + provider + ": " + why);
    }

    /** Without the values, for one is the client secret. */
    @Override
    public String toString() {
        return "Settings[" + provider + "]";
    }
}
