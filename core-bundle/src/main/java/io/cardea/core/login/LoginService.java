package io.cardea.core.login;

import static io.cardea.core.login.CodeFlow.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.seal.VaultKey;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.Logins;
import io.cardea.oauth.OAuthException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Logins in a browser, which keeps each sealed between {@link #begin} and {@link #complete}. */
@Component
public final class LoginService implements Logins {

    private static final String PURPOSE = "login";
    private static final int MAX_SEALED = 1200;
    // The first 48 bits of state name the login among the browser's; 144 random bits remain.
    private static final int ID_LENGTH = 8;

    private final ProviderRegistry providers;
    private final CodeFlow flow;
    private final VaultKey vaultKey;

    @Activate
    public LoginService(@Reference ProviderRegistry providers, @Reference CodeFlow flow, @Reference VaultKey vaultKey) {
        this.providers = providers;
        this.flow = flow;
        this.vaultKey = vaultKey;
    }

    @Override
    public CompletionStage<BegunLogin> begin(LoginRequest request) {
        return providers.callForLogin(request.key(), provider -> begin(provider, request));
    }

    private CompletableFuture<BegunLogin> begin(ServingProvider provider, LoginRequest request) {
        Requirements.browserLogin(provider);
        if (!ReturnTo.isAllowed(request.returnTo())) {
            throw refused(request.key().provider(), "return_to must be a path on this server, such as /");
        }
        String redirectUri = provider.redirectUri(request.redirectUri());
        return flow.prepare(provider, request, redirectUri)
                .thenApply(prepared -> new BegunLogin(
                        prepared.authorizationUrl(),
                        redirectUri,
                        id(prepared.login().state()),
                        small(
                                prepared.login()
                                        .seal(
                                                vaultKey.current().sealer(PURPOSE),
                                                request.key().provider()),
                                provider),
                        flow.lifetime()));
    }

    @Override
    public CompletionStage<CompletedLogin> complete(LoginCallback callback) {
        AuthorizationResponse response;
        PendingLogin login;
        try {
            providers.requireKnown(callback.provider());
            response = AuthorizationResponse.of(callback.provider(), callback.parameters());
            login = pending(callback, response);
        } catch (OAuthException e) {
            return CompletableFuture.failedFuture(e);
        }
        return providers
                .callSame(
                        callback.provider(),
                        login.plugin(),
                        provider ->
                                flow.finish(provider, login, response, provider.redirectUri(callback.redirectUri())))
                .thenApply(connection -> new CompletedLogin(id(login.state()), connection, login.returnTo()));
    }

    private PendingLogin pending(LoginCallback callback, AuthorizationResponse response) {
        String state = response.state();
        PendingLogin login = Optional.of(state)
                .filter(text -> text.length() > ID_LENGTH)
                .flatMap(text -> callback.sealed().apply(id(text)))
                .flatMap(value -> open(value, callback.provider()))
                .filter(known -> MessageDigest.isEqual(known.state().getBytes(UTF_8), state.getBytes(UTF_8)))
                .orElseThrow(() -> refused(
                        callback.provider(),
                        "No login that was begun in this browser ends here. If a program waits for this login, copy"
                                + " the address of this page into it; else start again."));
        if (login.expiresAt() < flow.clock().instant().getEpochSecond()) {
            throw refused(
                    callback.provider(),
                    "This login took longer than " + flow.lifetime().toSeconds() + " seconds. Start again.");
        }
        return login;
    }

    /** Also what an older key sealed, for the key may have been changed since the login began. */
    private Optional<PendingLogin> open(String sealed, String provider) {
        return vaultKey.known()
                .flatMap(key -> PendingLogin.open(sealed, key.sealer(PURPOSE), provider).stream())
                .findFirst();
    }

    /** The cookies of a few logins that were never finished must still fit into one request's headers. */
    private static String small(String sealed, ServingProvider provider) {
        if (sealed.length() > MAX_SEALED) {
            throw refused(provider.info().name(), "scope, connection and return_to are too long together");
        }
        return sealed;
    }

    private static String id(String state) {
        return state.substring(0, ID_LENGTH);
    }
}
