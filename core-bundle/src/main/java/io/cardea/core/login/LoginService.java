package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.connection.ConnectionService;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.seal.Sealer;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.Logins;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Runs logins: out to the provider with {@link #begin}, back from it with {@link #complete}. */
@Component
public final class LoginService implements Logins {

    private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);
    private static final int MOST_CONSUMED = 100_000;
    private static final int LONGEST_SEALED = 1200;
    private static final int STATE_BYTES = 24;
    private static final int VERIFIER_BYTES = 32; // RFC 7636, section 4.1
    // The first 48 bits of state name the login among the browser's; 144 random bits remain.
    private static final int ID_LENGTH = 8;

    private final ProviderRegistry providers;
    private final ConnectionService connections;
    private final InstantSource clock;
    private final Duration lifetime;
    private final Sealer sealer = Sealer.withRandomKey();
    private final ConsumedLogins consumed = new ConsumedLogins(MOST_CONSUMED);
    private final SecureRandom random = new SecureRandom();

    @Activate
    public LoginService(
            BundleContext context, @Reference ProviderRegistry providers, @Reference ConnectionService connections) {
        this(providers, connections, lifetime(context.getProperty("CARDEA_LOGIN_TTL")), InstantSource.system());
    }

    LoginService(ProviderRegistry providers, ConnectionService connections, Duration lifetime, InstantSource clock) {
        this.providers = providers;
        this.connections = connections;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    private static Duration lifetime(@org.jspecify.annotations.Nullable String seconds) {
        return seconds == null || seconds.isBlank()
                ? DEFAULT_LIFETIME
                : Duration.ofSeconds(Long.parseLong(seconds.trim()));
    }

    @Override
    public CompletionStage<BegunLogin> begin(LoginRequest request) {
        ServingProvider provider;
        try {
            provider = providers.serving(request.key().provider());
            requireBrowserLogin(provider);
            if (!ReturnTo.isAllowed(request.returnTo())) {
                throw refused(request.key().provider(), "return_to must be a path on this server, such as /");
            }
        } catch (OAuthException e) {
            return CompletableFuture.failedFuture(e);
        }
        return provider.ask("metadata", (service, context) -> service.metadata(context))
                .thenCompose(metadata -> begin(request, provider, metadata));
    }

    private CompletionStage<BegunLogin> begin(LoginRequest request, ServingProvider provider, ServerMetadata metadata) {
        String state = secret(STATE_BYTES);
        Optional<String> verifier =
                provider.info().supportsPkce() ? Optional.of(secret(VERIFIER_BYTES)) : Optional.empty();
        AuthorizationRequest authorization = new AuthorizationRequest(
                state, request.redirectUri(), request.scopes(), verifier.map(LoginService::challenge));
        PendingLogin pending = new PendingLogin(
                state,
                verifier,
                server(provider, metadata, request.redirectUri()),
                request.key().connection(),
                request.scopes().isEmpty() ? provider.info().scopes() : request.scopes(),
                request.returnTo(),
                now() + lifetime.toSeconds());
        return provider.ask("authorizationUrl", (service, context) -> service.authorizationUrl(authorization, context))
                .thenApply(url -> new BegunLogin(
                        web(url, provider),
                        id(state),
                        small(pending.seal(sealer, request.key().provider()), provider),
                        lifetime));
    }

    @Override
    public CompletionStage<CompletedLogin> complete(LoginCallback callback) {
        AuthorizationResponse response;
        ServingProvider provider;
        PendingLogin login;
        try {
            provider = providers.serving(callback.provider());
            response = AuthorizationResponse.of(callback);
            login = pending(callback, response);
        } catch (OAuthException e) {
            return CompletableFuture.failedFuture(e);
        }
        return provider.ask("metadata", (service, context) -> service.metadata(context))
                .thenCompose(metadata -> complete(callback, response, provider, login, metadata));
    }

    private PendingLogin pending(LoginCallback callback, AuthorizationResponse response) {
        String state = response.state();
        PendingLogin login = Optional.of(state)
                .filter(text -> text.length() > ID_LENGTH)
                .flatMap(text -> callback.sealed().apply(id(text)))
                .flatMap(value -> PendingLogin.open(value, sealer, callback.provider()))
                .filter(known -> MessageDigest.isEqual(known.state().getBytes(UTF_8), state.getBytes(UTF_8)))
                .orElseThrow(
                        () -> refused(
                                callback.provider(),
                                "This is no login that was begun in this browser, or Cardea has restarted since. Start again."));
        if (login.expiresAt() < now()) {
            throw refused(
                    callback.provider(),
                    "This login took longer than " + lifetime.toSeconds() + " seconds. Start again.");
        }
        return login;
    }

    private CompletionStage<CompletedLogin> complete(
            LoginCallback callback,
            AuthorizationResponse response,
            ServingProvider provider,
            PendingLogin login,
            ServerMetadata metadata) {
        if (!login.server().equals(server(provider, metadata, callback.redirectUri()))) {
            throw refused(callback.provider(), "The provider has changed since this login was begun. Start again.");
        }
        // Before anything is sent to the provider: however this ends, the login cannot be used again.
        if (!consumed.consume(login.state(), login.expiresAt(), now())) {
            throw refused(callback.provider(), "This login has been completed already. Start again.");
        }
        response.requireIssuer(metadata.issuer());
        AuthorizationCode code =
                new AuthorizationCode(response.code(), login.state(), callback.redirectUri(), login.codeVerifier());
        return provider.call("exchange", (service, context) -> service.exchange(code, context))
                .thenCompose(credential -> connections.connect(
                        provider,
                        new ConnectionKey(callback.provider(), login.connection()),
                        credential.scopes().isEmpty() ? credential.withScopes(login.scopes()) : credential))
                .thenApply(connection -> new CompletedLogin(id(login.state()), connection, login.returnTo()));
    }

    private static void requireBrowserLogin(ServingProvider provider) {
        Optional<String> name = Optional.of(provider.info().name());
        provider.info().unavailable().ifPresent(why -> {
            throw new OAuthException(OAuthError.PROVIDER_UNAVAILABLE, name, why);
        });
        if (!provider.info().flows().contains(Flow.AUTHORIZATION_CODE)) {
            throw new OAuthException(
                    OAuthError.INVALID_REQUEST, name, "This provider has no login in the browser; use its other flows");
        }
    }

    /** The cookies of a few logins that were never finished must still fit into one request's headers. */
    private static String small(String sealed, ServingProvider provider) {
        if (sealed.length() > LONGEST_SEALED) {
            throw refused(provider.info().name(), "scope, connection and return_to are too long together");
        }
        return sealed;
    }

    /** A browser is only ever sent to a web page, whatever a provider says. */
    private static URI web(URI url, ServingProvider provider) {
        if (url.getHost() == null || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
            throw new OAuthException(
                    OAuthError.PROVIDER_ERROR,
                    Optional.of(provider.info().name()),
                    "The provider's authorization URL is no https URL");
        }
        return url;
    }

    /** What a login is bound to: changed in any part, it is another server, or another client. */
    private static String server(ServingProvider provider, ServerMetadata metadata, String redirectUri) {
        MessageDigest digest = sha256();
        for (String part : new String[] {
            metadata.issuer().orElse(""),
            provider.info().clientId().orElse(""),
            metadata.authorizationEndpoint().map(URI::toString).orElse(""),
            metadata.tokenEndpoint().map(URI::toString).orElse(""),
            redirectUri
        }) {
            digest.update(part.getBytes(UTF_8));
            digest.update((byte) 0);
        }
        return base64(digest.digest());
    }

    /** RFC 7636, section 4.2. */
    private static String challenge(String verifier) {
        return base64(sha256().digest(verifier.getBytes(US_ASCII)));
    }

    private static String id(String state) {
        return state.substring(0, ID_LENGTH);
    }

    private String secret(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static OAuthException refused(String provider, String why) {
        return new OAuthException(OAuthError.INVALID_REQUEST, Optional.of(provider), why);
    }
}
