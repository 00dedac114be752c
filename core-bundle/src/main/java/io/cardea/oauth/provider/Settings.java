package io.cardea.oauth.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A provider's settings as they were written, read by type. What cannot be is refused with a message that names it. */
final class Settings {

    private static final Set<String> KEYS = new TreeSet<>(Set.of(
            "display_name",
            "description",
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "revocation_endpoint",
            "userinfo_endpoint",
            "device_authorization_endpoint",
            "client_id",
            "client_secret",
            "client_auth",
            "scope",
            "scope_separator",
            "pkce",
            "default_lifetime"));
    private static final Set<String> PREFIXES =
            new TreeSet<>(Set.of("authorization_parameter.", "token_parameter.", "refresh_parameter."));
    // What Declarative Services, ConfigurationAdmin and FileInstall add of their own.
    private static final Pattern FRAMEWORK_KEY =
            Pattern.compile("(service|component|objectClass|felix|osgi)(\\..*)?|\\.(?!client_secret$|private_key$).*");

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

    static boolean isFrameworks(String key) {
        return FRAMEWORK_KEY.matcher(key).matches();
    }

    void set(String key, String value) {
        if (!KEYS.contains(key) && PREFIXES.stream().noneMatch(p -> key.startsWith(p) && key.length() > p.length())) {
            throw refused("unknown key " + key + "; known are " + String.join(", ", KEYS) + ", "
                    + String.join("<name>, ", PREFIXES) + "<name>");
        }
        values.put(key, value);
    }

    /** Absent when it was not set, or is blank. */
    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
    }

    /** As it was written, blanks and all. */
    String verbatim(String key, String fallback) {
        return values.getOrDefault(key, fallback);
    }

    Optional<URI> url(String key) {
        return text(key).map(value -> {
            try {
                URI url = new URI(value.trim());
                boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
                if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
                    return url;
                }
            } catch (URISyntaxException e) {
                // Falls through to the one message for every kind of bad URL.
            }
            // A user name comes with a password, and that is for nobody's eyes.
            String shown = value.indexOf('@') < 0 ? ": " + value : "";
            throw refused(key + " is not an absolute https URL without user name and fragment" + shown);
        });
    }

    String oneOf(String key, String fallback, List<String> allowed) {
        String value = text(key).orElse(fallback);
        if (!allowed.contains(value)) {
            throw refused(key + " must be one of " + String.join(", ", allowed) + ", not " + value);
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
            throw refused(key + " must be a number of seconds, not " + value);
        });
    }

    /** Several texts, separated by blanks or commas. */
    List<String> list(String key) {
        return text(key).map(Settings::words).orElse(List.of());
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
