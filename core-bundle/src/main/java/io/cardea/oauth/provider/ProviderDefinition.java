package io.cardea.oauth.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An ordinary provider as data: the endpoints, the client's registration and the few ways in which servers differ. Made
 * with {@link #named}; every setting has one key (a name of RFC 8414, RFC 6749 or OpenID Connect), whether the
 * provider's author sets it in Java or an operator in a configuration.
 */
public final class ProviderDefinition {

    /** How the client authenticates at the token endpoint (RFC 6749, section 2.3; OpenID Connect Core, section 9). */
    public enum ClientAuthentication {
        NONE,
        CLIENT_SECRET_BASIC,
        CLIENT_SECRET_POST
    }

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
            Pattern.compile("(service|component|objectClass|felix|osgi)(\\..*)?|\\..*");

    private final String name;
    private final Map<String, String> settings;
    private final ServerMetadata metadata;
    private final ClientAuthentication clientAuthentication;
    private final boolean pkce;
    private final List<String> scopes;
    private final Optional<Duration> defaultLifetime;

    private ProviderDefinition(Builder builder) {
        name = builder.name;
        settings = Map.copyOf(builder.settings);
        metadata = new ServerMetadata(
                text("issuer"),
                url("authorization_endpoint"),
                url("token_endpoint"),
                url("revocation_endpoint"),
                url("userinfo_endpoint"),
                url("device_authorization_endpoint"));
        pkce = oneOf("pkce", "S256", "S256", "none").equals("S256");
        clientAuthentication = ClientAuthentication.valueOf(oneOf(
                        "client_auth",
                        text("client_secret").isPresent() ? "client_secret_post" : "none",
                        "none",
                        "client_secret_basic",
                        "client_secret_post")
                .toUpperCase(java.util.Locale.ROOT));
        scopes = text("scope")
                .map(value -> List.of(value.trim().split("[\\s,]+")))
                .orElse(List.of());
        defaultLifetime = text("default_lifetime").map(this::seconds);
        if (metadata.tokenEndpoint().isEmpty()) {
            throw refused("token_endpoint is missing");
        }
    }

    /**
     * Begins the definition of a provider.
     *
     * @param name its name in URLs, see {@link ProviderInfo#name()}
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    public String name() {
        return name;
    }

    public String displayName() {
        return text("display_name").orElse(name);
    }

    public ServerMetadata metadata() {
        return metadata;
    }

    /** Absent until it is configured. */
    public Optional<String> clientId() {
        return text("client_id");
    }

    /** Absent until it is configured, or where the client is a public one. */
    public Optional<String> clientSecret() {
        return text("client_secret");
    }

    public ClientAuthentication clientAuthentication() {
        return clientAuthentication;
    }

    /** Whether logins use PKCE; they do unless {@code pkce=none} was set. */
    public boolean pkce() {
        return pkce;
    }

    /** What is asked for unless a login asks for something else. */
    public List<String> scopes() {
        return scopes;
    }

    /** What stands between two scopes in a request; a space in RFC 6749. */
    public String scopeSeparator() {
        return settings.getOrDefault("scope_separator", " ");
    }

    /** How long an access token lives when the server does not say; absent: for ever. */
    public Optional<Duration> defaultLifetime() {
        return defaultLifetime;
    }

    /** The settings below a prefix such as {@code token_parameter.}, by the rest of their key. */
    public Map<String, String> parameters(String prefix) {
        Map<String, String> parameters = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                parameters.put(key.substring(prefix.length()), value);
            }
        });
        return parameters;
    }

    /** What the listing says of this provider. */
    public ProviderInfo info() {
        List<Flow> flows = new ArrayList<>();
        metadata.authorizationEndpoint().ifPresent(endpoint -> flows.add(Flow.AUTHORIZATION_CODE));
        metadata.deviceAuthorizationEndpoint().ifPresent(endpoint -> flows.add(Flow.DEVICE_CODE));
        return new ProviderInfo(
                name,
                displayName(),
                text("description").orElse(""),
                clientId(),
                scopes,
                Set.copyOf(flows),
                pkce,
                true,
                metadata.revocationEndpoint().isPresent(),
                missing());
    }

    private Optional<String> missing() {
        boolean needsSecret = clientAuthentication != ClientAuthentication.NONE;
        List<String> keys = new ArrayList<>();
        if (clientId().isEmpty()) {
            keys.add("client_id");
        }
        if (needsSecret && clientSecret().isEmpty()) {
            keys.add("client_secret");
        }
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of("Not configured: set " + String.join(" and ", keys) + " in deploy/io.cardea.provider."
                        + name + ".cfg");
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(settings.get(key)).filter(value -> !value.isBlank());
    }

    private Optional<URI> url(String key) {
        return text(key).map(value -> {
            try {
                URI url = new URI(value);
                boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
                if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
                    return url;
                }
            } catch (URISyntaxException e) {
                // Falls through to the one message for every kind of bad URL.
            }
            throw refused(key + " is not an absolute https URL: " + value);
        });
    }

    private String oneOf(String key, String fallback, String... allowed) {
        String value = text(key).orElse(fallback);
        if (!List.of(allowed).contains(value)) {
            throw refused(key + " must be one of " + String.join(", ", allowed) + ", not " + value);
        }
        return value;
    }

    private Duration seconds(String value) {
        try {
            long seconds = Long.parseLong(value.trim());
            if (seconds > 0 && seconds <= Integer.MAX_VALUE) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // Falls through to the message.
        }
        throw refused("default_lifetime must be a number of seconds, not " + value);
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("Configuration of provider " + name + ": " + why);
    }

    /** Without the client secret. */
    @Override
    public String toString() {
        return "ProviderDefinition[" + name + "]";
    }

    /** Collects settings; what is set later wins. */
    public static final class Builder {

        private final String name;
        private final Map<String, String> settings = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = name;
        }

        public Builder displayName(String value) {
            return set("display_name", value);
        }

        public Builder description(String value) {
            return set("description", value);
        }

        public Builder issuer(String value) {
            return set("issuer", value);
        }

        public Builder authorizationEndpoint(String value) {
            return set("authorization_endpoint", value);
        }

        public Builder tokenEndpoint(String value) {
            return set("token_endpoint", value);
        }

        public Builder revocationEndpoint(String value) {
            return set("revocation_endpoint", value);
        }

        public Builder userinfoEndpoint(String value) {
            return set("userinfo_endpoint", value);
        }

        public Builder deviceAuthorizationEndpoint(String value) {
            return set("device_authorization_endpoint", value);
        }

        /** The scopes asked for by default, separated by spaces. */
        public Builder scope(String value) {
            return set("scope", value);
        }

        /** {@code none}, {@code client_secret_basic} or {@code client_secret_post}. */
        public Builder clientAuth(String value) {
            return set("client_auth", value);
        }

        /**
         * Sets anything by its key.
         *
         * @throws IllegalArgumentException for a key that does not exist, naming it
         */
        public Builder set(String key, String value) {
            if (!KEYS.contains(key)
                    && PREFIXES.stream().noneMatch(p -> key.startsWith(p) && key.length() > p.length())) {
                throw new IllegalArgumentException(
                        "Configuration of provider " + name + ": unknown key " + key + "; known are "
                                + String.join(", ", KEYS) + " and " + String.join("<name>, ", PREFIXES) + "<name>");
            }
            settings.put(key, value);
            return this;
        }

        /**
         * Takes over what an operator configured, given as the properties of a component.
         *
         * @throws IllegalArgumentException for a key that does not exist, naming it
         */
        public Builder configure(Map<String, ?> configuration) {
            configuration.forEach((key, value) -> {
                if (!FRAMEWORK_KEY.matcher(key).matches()) {
                    set(key, String.valueOf(value));
                }
            });
            return this;
        }

        /**
         * The finished definition.
         *
         * @throws IllegalArgumentException for a value that cannot be, naming its key
         */
        public ProviderDefinition build() {
            return new ProviderDefinition(this);
        }
    }
}
