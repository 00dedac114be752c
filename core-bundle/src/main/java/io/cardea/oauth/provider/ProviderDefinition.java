package io.cardea.oauth.provider;

import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ordinary provider as data: the endpoints, the client's registration and the few ways in which servers differ. Made
 * with {@link #named}; every setting has one key (a name of RFC 8414, RFC 6749 or OpenID Connect), whether the
 * provider's author sets it in Java or an operator in a configuration.
 */
public final class ProviderDefinition {

    /** The property of a configuration that names the file in the deploy folder from which it was read. */
    public static final String FILE = ":cardea:file";

    private static final Logger LOG = LoggerFactory.getLogger(ProviderDefinition.class);
    // Those that only the holder of a private key can make. Not in ClientAssertion, whose library takes its time to
    // load.
    private static final List<String> SIGNATURES =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    // What the listing takes.
    private static final int MAX_DISPLAY_NAME = 100;
    private static final int MAX_DESCRIPTION = 2000;

    private final String name;
    private final Settings settings;
    private final Optional<String> problem;
    private final String file;
    private final String displayName;
    private final String description;
    private final ServerMetadata metadata;
    private final ClientAuthentication clientAuthentication;
    private final boolean pkce;
    private final List<String> scopes;
    private final Optional<String> redirectUri;
    private final Optional<String> manualRedirectUri;
    private final boolean formPost;
    private final Optional<URI> refreshEndpoint;
    private final TokenDialect tokenDialect;
    private final Optional<ClientAssertion> clientAssertion;
    private final String idTokenSignedResponseAlg;
    private final Set<String> allowedHosts;

    private ProviderDefinition(Builder builder) {
        name = builder.name;
        settings = new Settings(builder.settings);
        problem = builder.problem;
        file = builder.file;
        displayName = settings.title("display_name", MAX_DISPLAY_NAME).orElse(name);
        description = settings.title("description", MAX_DESCRIPTION).orElse("");
        // For its refusal alone, before that of what is made of it: an issuer is compared as text.
        settings.url("issuer");
        metadata = new ServerMetadata(
                settings.expanded("issuer"),
                settings.url("authorization_endpoint"),
                settings.url("token_endpoint"),
                settings.url("revocation_endpoint"),
                settings.url("userinfo_endpoint"),
                settings.url("device_authorization_endpoint"),
                settings.url("jwks_uri"),
                false);
        pkce = settings.oneOf("pkce", "S256", List.of("S256", "none")).equals("S256");
        clientAuthentication = ClientAuthentication.of(settings);
        clientAssertion = clientAuthentication == ClientAuthentication.PRIVATE_KEY_JWT
                ? settings.resolved("private_key").map(key -> ClientAssertion.parse(key, settings))
                : Optional.empty();
        idTokenSignedResponseAlg = settings.oneOf("id_token_signed_response_alg", "RS256", SIGNATURES);
        scopes = settings.list("scope");
        redirectUri = settings.redirectUri().map(URI::toString);
        manualRedirectUri = redirectUri
                .filter(uri -> !isOfThisMachine(uri))
                .or(() -> settings.url("manual_redirect_uri").map(URI::toString));
        formPost = settings.oneOf("response_mode", "query", List.of("query", "form_post"))
                .equals("form_post");
        refreshEndpoint = settings.url("refresh_endpoint");
        tokenDialect = new TokenDialect(settings);
        allowedHosts = allowedHosts(settings);
        if (problem.isEmpty()
                && settings.text("token_endpoint").isEmpty()
                && settings.text("issuer").isEmpty()) {
            throw settings.refused("token_endpoint is missing, and there is no issuer to discover it from");
        }
    }

    /** Where an operator names some, those that are configured by hand go without saying. */
    private static Set<String> allowedHosts(Settings settings) {
        Set<String> hosts = new TreeSet<>(settings.hosts("allowed_hosts"));
        if (!hosts.isEmpty()) {
            Stream.of(
                            "issuer",
                            "token_endpoint",
                            "refresh_endpoint",
                            "revocation_endpoint",
                            "userinfo_endpoint",
                            "device_authorization_endpoint",
                            "jwks_uri",
                            "authorization_endpoint")
                    .forEach(key -> settings.url(key).map(URI::getHost).ifPresent(hosts::add));
        }
        return Set.copyOf(hosts);
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

    String displayName() {
        return displayName;
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

    ClientAuthentication clientAuthentication() {
        return clientAuthentication;
    }

    /** Whether logins use PKCE; they do unless {@code pkce=none} was set. */
    boolean pkce() {
        return pkce;
    }

    /** What is asked for unless a login asks for something else. */
    public List<String> scopes() {
        return scopes;
    }

    /** What stands between two scopes in a request; a space in RFC 6749. */
    String scopeSeparator() {
        return settings.verbatim("scope_separator", " ");
    }

    /** See {@link OAuthProvider#redirectUri()}; absent also where there is nothing but a page to copy the code from. */
    Optional<String> redirectUri() {
        return redirectUri.filter(ProviderDefinition::isOfThisMachine);
    }

    /** See {@link OAuthProvider#manualRedirectUri()}. */
    Optional<String> manualRedirectUri() {
        return manualRedirectUri;
    }

    /** Whether the answer to a login comes as a form that is posted, rather than in the query. */
    boolean formPost() {
        return formPost;
    }

    /** Where access tokens are refreshed, if not at the token endpoint. */
    public Optional<URI> refreshEndpoint() {
        return refreshEndpoint;
    }

    /** See {@link OAuthProvider#idTokenSignedResponseAlg()}. */
    String idTokenSignedResponseAlg() {
        return idTokenSignedResponseAlg;
    }

    /** See {@link OAuthProvider#allowedHosts()}. */
    Set<String> allowedHosts() {
        return allowedHosts;
    }

    /** Whether there is an issuer whose published metadata must say what is not configured. */
    boolean isDiscovered() {
        return metadata.issuer().isPresent()
                && (metadata.authorizationEndpoint().isEmpty()
                        || metadata.tokenEndpoint().isEmpty()
                        || (metadata.jwksUri().isEmpty() && scopes.contains("openid")));
    }

    TokenDialect tokenDialect() {
        return tokenDialect;
    }

    Optional<ClientAssertion> clientAssertion() {
        return clientAssertion;
    }

    /** The settings below a prefix such as {@code token_parameter.}, by the rest of their key. */
    public Map<String, String> parameters(String prefix) {
        return settings.below(prefix);
    }

    /** What the listing says of this provider. */
    public ProviderInfo info() {
        Set<Flow> flows = EnumSet.noneOf(Flow.class);
        if (settings.text("authorization_endpoint")
                .or(() -> settings.text("issuer"))
                .isPresent()) {
            if (redirectUri.isEmpty() || redirectUri().isPresent()) {
                flows.add(Flow.AUTHORIZATION_CODE);
            }
            if (manualRedirectUri.isPresent()) {
                flows.add(Flow.MANUAL_CODE);
            }
        }
        if (settings.text("device_authorization_endpoint").isPresent()) {
            flows.add(Flow.DEVICE_CODE);
        }
        return new ProviderInfo(
                name,
                displayName(),
                description,
                clientId(),
                scopes,
                flows,
                // A login on another device has no redirect that it could protect.
                pkce && !flows.equals(Set.of(Flow.DEVICE_CODE)),
                true,
                // What an issuer publishes may tell of one.
                settings.text("revocation_endpoint").isPresent() || isDiscovered(),
                problem.or(() -> ConfigurationProblem.missing(settings, clientAuthentication, name, file)));
    }

    static boolean isOfThisMachine(String url) {
        return Settings.isLoopback(URI.create(url).getHost());
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
        private Optional<String> problem = Optional.empty();
        private String file;
        // What has been set so far; absent when something was set since.
        private Optional<ProviderDefinition> made = Optional.empty();

        private Builder(String name) {
            this.name = name;
            this.file = "io.cardea.provider." + name + ".cfg";
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

        /** {@code none}, {@code client_secret_basic}, {@code client_secret_post} or {@code private_key_jwt}. */
        public Builder clientAuth(String value) {
            return set("client_auth", value);
        }

        /**
         * Sets anything by its key.
         *
         * @throws IllegalArgumentException for a key that does not exist, naming it
         */
        public Builder set(String key, String value) {
            made = Optional.empty();
            settings.set(key, value);
            return this;
        }

        /**
         * Takes over what an operator configured, given as the properties of a component. A mistake in it does not keep the
         * provider away: it is listed, without any of the configuration, and says that it is unavailable and why.
         */
        public Builder configure(Map<String, ?> configuration) {
            Settings before = new Settings(settings);
            made = Optional.empty();
            if (configuration.get(FILE) instanceof String read) {
                file = read;
            }
            try {
                configuration.forEach((key, value) -> {
                    if (!Settings.isFrameworks(key)) {
                        // A key that begins with a dot is hidden from those who read service properties.
                        set(key.startsWith(".") ? key.substring(1) : key, String.valueOf(value));
                    }
                });
                made = Optional.of(new ProviderDefinition(this));
            } catch (IllegalArgumentException e) {
                settings.replaceWith(before);
                made = Optional.empty();
                String why = ConfigurationProblem.of(e);
                LOG.warn("Provider {} is not available. {}", name, why);
                problem = Optional.of(why);
            }
            return this;
        }

        /**
         * The finished definition.
         *
         * @throws IllegalArgumentException for a value that cannot be, naming its key
         */
        public ProviderDefinition build() {
            return made.orElseGet(() -> new ProviderDefinition(this));
        }
    }
}
