package io.cardea.core.login;

import io.cardea.core.audit.AuditLog;
import io.cardea.core.connection.ConnectionService;
import io.cardea.core.file.PrivateFile;
import io.cardea.core.file.PrivateFolder;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.seal.RandomBytes;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The authorization code flow (RFC 6749, section 4.1), from the request to the stored credential, whoever keeps the login
 * in between.
 */
@Component(service = CodeFlow.class)
public final class CodeFlow {

    private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);
    // At 22 bytes each some 90 MB, if ever so many end within one lifetime; a small heap has room for fewer.
    private static final int MAX_CONSUMED = 4_000_000;
    private static final int HEAP_BYTES_FOR_EACH = 128;
    // What every browser and every server's headers have room for.
    private static final int MAX_URL = 8192;
    private static final int STATE_BYTES = 24;
    private static final int NONCE_BYTES = 16;

    private final ConnectionService connections;
    private final AuditLog audit;
    private final ConsumedLogins consumed;
    private final Duration lifetime;
    private final InstantSource clock;
    private final RandomBytes random = new RandomBytes();

    @Activate
    public CodeFlow(BundleContext context, @Reference ConnectionService connections, @Reference AuditLog audit) {
        this(
                connections,
                audit,
                lifetime(context.getProperty("CARDEA_LOGIN_TTL")),
                new PrivateFolder(PrivateFile.data(context), "logins"),
                InstantSource.system());
    }

    private CodeFlow(
            ConnectionService connections,
            AuditLog audit,
            Duration lifetime,
            PrivateFolder logins,
            InstantSource clock) {
        this(
                connections,
                audit,
                new ConsumedLogins(
                        (int) Math.min(MAX_CONSUMED, Runtime.getRuntime().maxMemory() / HEAP_BYTES_FOR_EACH),
                        lifetime,
                        logins,
                        clock.instant().getEpochSecond()),
                lifetime,
                clock);
    }

    CodeFlow(
            ConnectionService connections,
            AuditLog audit,
            ConsumedLogins consumed,
            Duration lifetime,
            InstantSource clock) {
        this.connections = connections;
        this.audit = audit;
        this.consumed = consumed;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    private static Duration lifetime(@Nullable String seconds) {
        return seconds == null || seconds.isBlank()
                ? DEFAULT_LIFETIME
                : Duration.ofSeconds(Long.parseLong(seconds.trim()));
    }

    @Deactivate
    void stop() {
        consumed.close();
    }

    /** How long a login may take. */
    Duration lifetime() {
        return lifetime;
    }

    InstantSource clock() {
        return clock;
    }

    /** A login that is to be kept until the browser, or a person, brings its code. */
    record Prepared(PendingLogin login, String authorizationUrl) {}

    /** Makes a login and the URL that sends a browser off with it; part of a call of the registry's. */
    CompletableFuture<Prepared> prepare(ServingProvider provider, LoginRequest request, String redirectUri) {
        return provider.metadata().thenCompose(server -> {
            String state = secret(STATE_BYTES);
            String nonce = secret(NONCE_BYTES);
            Optional<String> verifier =
                    provider.info().supportsPkce() ? Optional.of(secret(CodeVerifier.BYTES)) : Optional.empty();
            PendingLogin login = new PendingLogin(
                    state,
                    nonce,
                    verifier,
                    provider.plugin(),
                    provider.binding(server, redirectUri),
                    request.key().connection(),
                    request.scopes().isEmpty() ? provider.info().scopes() : request.scopes(),
                    request.returnTo(),
                    now() + lifetime.toSeconds());
            AuthorizationRequest authorization = new AuthorizationRequest(
                    state, redirectUri, request.scopes(), verifier.map(CodeVerifier::challenge), login.nonce());
            return provider.callDirectly(
                            "authorizationUrl", (service, context) -> service.authorizationUrl(authorization, context))
                    .thenApply(url -> new Prepared(login, web(url, server, provider)));
        });
    }

    /** Ends a login for good, exchanges its code and stores the credential; part of a call of the registry's. */
    CompletableFuture<Connection> finish(
            ServingProvider provider, PendingLogin login, AuthorizationResponse response, String redirectUri) {
        return provider.metadata().thenCompose(server -> {
            String name = provider.info().name();
            if (!login.server().equals(provider.binding(server, redirectUri))) {
                throw refused(name, "The provider has changed since this login was begun. Start again.");
            }
            // Before anything is sent to the provider: however this ends, the login cannot be used again.
            if (!consumed.consume(login.state(), login.expiresAt(), now())) {
                throw refused(name, "This login has ended already. Start again.");
            }
            // From here on it happens once for each login: strangers could fill the audit log with anything else.
            ConnectionKey key = new ConnectionKey(name, login.connection());
            return exchange(provider, server, login, response, redirectUri).whenComplete((connection, thrown) -> {
                if (thrown != null) {
                    audit.loginFailed(key, thrown);
                }
            });
        });
    }

    private CompletableFuture<Connection> exchange(
            ServingProvider provider,
            ServerMetadata server,
            PendingLogin login,
            AuthorizationResponse response,
            String redirectUri) {
        AuthorizationCode code;
        try {
            response.requireIssuer(server);
            code = new AuthorizationCode(response.code(), login.state(), redirectUri, login.codeVerifier());
        } catch (OAuthException deniedOrOfAnother) {
            return CompletableFuture.failedFuture(deniedOrOfAnother);
        }
        return provider.call("exchange", (service, context) -> service.exchange(code, context))
                .thenCompose(credential -> store(provider, server, login, credential));
    }

    private CompletableFuture<Connection> store(
            ServingProvider provider, ServerMetadata server, PendingLogin login, Credential credential) {
        boolean asked = login.scopes().contains("openid");
        // Whoever did not ask for an ID token sent no nonce; some servers give one all the same.
        Optional<String> nonce = asked ? Optional.of(login.nonce()) : Optional.empty();
        return provider.idToken(server, credential, nonce, asked)
                .thenCompose(idToken -> connections.connect(
                        provider,
                        new ConnectionKey(provider.info().name(), login.connection()),
                        withScopes(credential, login.scopes()),
                        idToken));
    }

    /** RFC 6749, section 5.1: a server that does not say what it granted has granted what was asked for. */
    static Credential withScopes(Credential credential, List<String> asked) {
        return credential.scopes().isEmpty() ? credential.withScopes(asked) : credential;
    }

    /** A browser is only ever sent to a web page, whatever a provider says. */
    private static String web(String url, ServerMetadata server, ServingProvider provider) {
        if (url.length() > MAX_URL
                || !isVisible(url)
                || !(isQueryOf(server.authorizationEndpoint(), url) || WebPage.is(url))) {
            throw new OAuthException(
                    OAuthError.PROVIDER_ERROR,
                    Optional.of(provider.info().name()),
                    "The provider's authorization URL is no web address, or a very long one");
        }
        return url;
    }

    /** Spares nearly every login the parsing of its URL: the endpoint itself was looked at when it became known. */
    private static boolean isQueryOf(Optional<URI> endpoint, String url) {
        if (endpoint.isEmpty()) {
            return false;
        }
        String start = endpoint.get().toString();
        return url.startsWith("?", start.length()) && url.startsWith(start);
    }

    private static boolean isVisible(String url) {
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) <= ' ' || url.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Random bytes, in Base64 for URLs. */
    String secret(int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random.next(length));
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    static OAuthException refused(String provider, String why) {
        return new OAuthException(OAuthError.INVALID_REQUEST, Optional.of(provider), why);
    }
}
