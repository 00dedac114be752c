package io.cardea.oauth.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    // A reference that the interpolation plugin could not follow is left as it was written.
    private static final Pattern UNRESOLVED = Pattern.compile("\\$\\[.*]");

    private final String name;
    private final Settings settings;
    private final ServerMetadata metadata;
    private final ClientAuthentication clientAuthentication;
    private final boolean pkce;
    private final List<String> scopes;
    private final Optional<Duration> defaultLifetime;

    private ProviderDefinition(Builder builder) {
        name = builder.name;
        settings = new Settings(builder.settings);
        metadata = new ServerMetadata(
                settings.text("issuer"),
                settings.url("authorization_endpoint"),
                settings.url("token_endpoint"),
                settings.url("revocation_endpoint"),
                settings.url("userinfo_endpoint"),
                settings.url("device_authorization_endpoint"));
        pkce = settings.oneOf("pkce", "S256", List.of("S256", "none")).equals("S256");
        clientAuthentication = ClientAuthentication.valueOf(settings.oneOf(
                        "client_auth",
                        clientSecret().isPresent() ? "client_secret_post" : "none",
                        List.of("none", "client_secret_basic", "client_secret_post"))
                .toUpperCase(Locale.ROOT));
        scopes = settings.list("scope");
        defaultLifetime = settings.seconds("default_lifetime");
        if (metadata.tokenEndpoint().isEmpty()) {
            throw settings.refused("token_endpoint is missing");
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
        return settings.text("display_name").orElse(name);
    }

    public ServerMetadata metadata() {
        return metadata;
    }

    /** Absent until it is configured. */
    public Optional<String> clientId() {
        return settings.text("client_id");
    }

    /** Absent until it is configured, or where the client is a public one. */
    public Optional<String> clientSecret() {
        return settings.text("client_secret");
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
        return settings.verbatim("scope_separator", " ");
    }

    /** How long an access token lives when the server does not say; absent: for ever. */
    public Optional<Duration> defaultLifetime() {
        return defaultLifetime;
    }

    /** The settings below a prefix such as {@code token_parameter.}, by the rest of their key. */
    public Map<String, String> parameters(String prefix) {
        return settings.below(prefix);
    }

    /** What the listing says of this provider. */
    public ProviderInfo info() {
        List<Flow> flows = new ArrayList<>();
        metadata.authorizationEndpoint().ifPresent(endpoint -> flows.add(Flow.AUTHORIZATION_CODE));
        metadata.deviceAuthorizationEndpoint().ifPresent(endpoint -> flows.add(Flow.DEVICE_CODE));
        return new ProviderInfo(
                name,
                displayName(),
                settings.text("description").orElse(""),
                clientId(),
                scopes,
                Set.copyOf(flows),
                pkce,
                true,
                metadata.revocationEndpoint().isPresent(),
                missing());
    }

    private Optional<String> missing() {
        String file = "deploy/io.cardea.provider." + name + ".cfg";
        List<String> absent = new ArrayList<>();
        for (String key : clientAuthentication == ClientAuthentication.NONE
                ? List.of("client_id")
                : List.of("client_id", "client_secret")) {
            String value = settings.text(key).orElse("");
            if (value.isEmpty()) {
                absent.add(key);
            } else if (UNRESOLVED.matcher(value).matches()) {
                return Optional.of("Not configured: " + file + " says " + key + " = " + value
                        + ", but there is no such thing or it cannot be read");
            }
        }
        return absent.isEmpty()
                ? Optional.empty()
                : Optional.of("Not configured: set " + String.join(" and ", absent) + " in " + file);
    }

    /** Without the client secret. */
    @Override
    public String toString() {
        return "ProviderDefinition[" + name + "]";
    }

    /** Collects settings; what is set later wins. */
    public static final class Builder {

        private final String name;
        private final Settings settings;

        private Builder(String name) {
            this.name = name;
            this.settings = new Settings(name);
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
            settings.set(key, value);
            return this;
        }

        /**
         * Takes over what an operator configured, given as the properties of a component.
         *
         * @throws IllegalArgumentException for a key that does not exist, naming it
         */
        public Builder configure(Map<String, ?> configuration) {
            configuration.forEach((key, value) -> {
                if (!Settings.isFrameworks(key)) {
                    // A secret's key begins with a dot, or it would be a service property for everybody to read.
                    set(key.startsWith(".") ? key.substring(1) : key, String.valueOf(value));
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
