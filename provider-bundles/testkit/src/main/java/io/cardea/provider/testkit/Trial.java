package io.cardea.provider.testkit;

import io.cardea.core.outbound.OutboundHttp;
import io.cardea.core.registry.RestrictedContext;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;

/**
 * One provider before one server: for tests of what is special about a provider, beside its {@link ProviderContract}. The
 * provider is made with the server's configuration, and goes by Cardea's own way out, of which only the way to the server
 * is open.
 *
 * <pre>{@code
 * try (Trial trial = Trial.of(AcmeProvider::new, new AcmeServer())) {
 *     Credential credential = trial.credential();
 *     assertThat(trial.get("refresh()", () -> trial.provider().refresh(credential, trial.context())).scopes())
 *             .containsExactly("read");
 * }
 * }</pre>
 */
public final class Trial implements AutoCloseable {

    // More than what Cardea's own way out takes to give up.
    static final int PATIENCE_SECONDS = 15;
    private static final OutboundHttp OUTBOUND = OutboundHttp.standingAlone(Duration.ofSeconds(10));
    private static final String OWN_REDIRECT_URI = "http://localhost:8180/oauth/provider/callback";

    private final Function<Map<String, Object>, ? extends OAuthProvider> providers;
    private final AuthorizationServer server;
    private final OAuthProvider provider;
    private final Fence fence;
    private final DaemonThreads threads = new DaemonThreads("contract");
    private final ProviderContext context;
    private final int patienceSeconds;
    private Optional<ProviderInfo> known = Optional.empty();

    /**
     * A provider that is made as the server's configuration says.
     *
     * @param providers makes one of a configuration; mostly its constructor
     */
    public static Trial of(
            Function<Map<String, Object>, ? extends OAuthProvider> providers, AuthorizationServer server) {
        return new Trial(providers, server, PATIENCE_SECONDS);
    }

    Trial(
            Function<Map<String, Object>, ? extends OAuthProvider> providers,
            AuthorizationServer server,
            int patienceSeconds) {
        this.providers = providers;
        this.server = server;
        this.patienceSeconds = patienceSeconds;
        try {
            this.provider = made(server.configuration());
        } catch (AssertionError e) {
            server.close();
            throw e;
        }
        this.fence = new Fence(OUTBOUND, server.url());
        this.context = new RestrictedContext(fence, provider.allowedHosts(), threads);
    }

    /** The provider with another configuration. */
    OAuthProvider made(Map<String, String> configuration) {
        OAuthProvider made;
        try {
            made = providers.apply(new LinkedHashMap<>(configuration));
        } catch (RuntimeException e) {
            throw failed("The provider's constructor threw " + e + ". Then nobody sees the provider in the listing, and"
                    + " nobody learns what is wrong: take the configuration with ProviderDefinition's configure(...),"
                    + " or have info() say in unavailable() what is wrong.");
        }
        if (made == null) {
            throw failed("No provider was made: the function given to ProviderContract.of(...) answered null.");
        }
        return made;
    }

    /** The server. */
    public AuthorizationServer server() {
        return server;
    }

    /** The provider. */
    public OAuthProvider provider() {
        return provider;
    }

    /** What Cardea would lend the provider. */
    public ProviderContext context() {
        return context;
    }

    Fence fence() {
        return fence;
    }

    int patienceSeconds() {
        return patienceSeconds;
    }

    ProviderInfo info() {
        ProviderInfo info = provider.info();
        if (info == null) {
            throw failed("info() answered null. Then the registry refuses the provider: describe it.");
        }
        return info;
    }

    /** What {@link #info} said when it was first asked for here. */
    synchronized ProviderInfo known() {
        ProviderInfo info = known.orElseGet(this::info);
        known = Optional.of(info);
        return info;
    }

    boolean has(Flow flow) {
        return known().flows().contains(flow);
    }

    /** Whether a browser is sent to the service. */
    boolean hasCodes() {
        return has(Flow.AUTHORIZATION_CODE) || has(Flow.MANUAL_CODE);
    }

    /** Where the browser comes back to in this provider's logins. */
    String redirectUri() {
        return has(Flow.AUTHORIZATION_CODE) ? ownRedirectUri() : manualRedirectUri();
    }

    String ownRedirectUri() {
        return provider.redirectUri().orElse(OWN_REDIRECT_URI);
    }

    /** Where the code to be pasted is shown. */
    String manualRedirectUri() {
        return provider.manualRedirectUri().orElseGet(this::ownRedirectUri);
    }

    /** A login as Cardea begins one. */
    public Login login() {
        return login(redirectUri());
    }

    Login login(String redirectUri) {
        String verifier = server.remember(random() + random());
        String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(IdTokens.sha256(verifier));
        return new Login(
                new AuthorizationRequest(
                        random(),
                        redirectUri,
                        List.of(),
                        known().supportsPkce() ? Optional.of(challenge) : Optional.empty(),
                        random()),
                verifier);
    }

    /**
     * A login that was begun.
     *
     * @param request what Cardea decided
     * @param verifier the PKCE code verifier, a secret
     */
    public record Login(AuthorizationRequest request, String verifier) {

        /** Its end, with a code that came back. */
        public AuthorizationCode with(String code) {
            return new AuthorizationCode(
                    code,
                    request.state(),
                    request.redirectUri(),
                    request.codeChallenge().map(challenge -> verifier));
        }

        /** Without the verifier. */
        @Override
        public String toString() {
            return "Login[" + request + "]";
        }
    }

    /** The code of a login that the person approved. */
    public AuthorizationCode approved(Login login) {
        server.register(login.request().redirectUri());
        Redirect redirect =
                server.open(get("authorizationUrl()", () -> provider.authorizationUrl(login.request(), context)));
        return login.with(redirect.parameter("code")
                .orElseThrow(
                        () -> failed("The server refused the authorization request that authorizationUrl() made.")));
    }

    /** A credential, by whichever flow the provider has. */
    public Credential credential() {
        if (hasCodes()) {
            AuthorizationCode code = approved(login());
            return get("exchange()", () -> provider.exchange(code, context));
        }
        DeviceAuthorization device = get("authorizeDevice()", () -> provider.authorizeDevice(List.of(), context));
        server.person().approvesDevice(device.userCode());
        return get("pollDevice()", () -> provider.pollDevice(device, context));
    }

    static String random() {
        return UUID.randomUUID().toString();
    }

    /** What a call comes to. */
    <T> Outcome<T> outcome(Supplier<? extends CompletionStage<? extends T>> call) {
        return Outcome.of(call, patienceSeconds);
    }

    /**
     * What a call brings.
     *
     * @param method its name, for the verdict
     * @throws AssertionError when it brings nothing, in words and with what the server has against it
     */
    public <T> T get(String method, Supplier<? extends CompletionStage<? extends T>> call) {
        Outcome<T> outcome = outcome(call);
        return outcome.value()
                .orElseThrow(() -> failed(method + " " + outcome.words() + ", though the server was in order."));
    }

    /**
     * Waits for a call that brings nothing, such as {@code revoke()}.
     *
     * @param method its name, for the verdict
     * @throws AssertionError when it fails, in words and with what the server has against it
     */
    public void done(String method, Supplier<? extends CompletionStage<Void>> call) {
        get(method, bringing(call));
    }

    /** The same call, which brings something that can be told from a stage that should, and does not. */
    static Supplier<CompletionStage<Boolean>> bringing(Supplier<? extends CompletionStage<Void>> call) {
        return () -> call.get().thenApply(nothing -> true);
    }

    /**
     * The error of a call that fails as the contract wants.
     *
     * @param method its name, for the verdict
     * @throws AssertionError when it succeeds, or fails otherwise
     */
    public String error(String method, Supplier<? extends CompletionStage<?>> call) {
        Outcome<Object> outcome = outcome(call);
        return outcome.refusal()
                .map(ProviderException::error)
                .orElseThrow(() -> failed(method + " " + outcome.words() + ", and should have failed."));
    }

    void require(boolean good, String otherwise) {
        if (!good) {
            throw failed(otherwise);
        }
    }

    /** The verdict, with what the server has to say of it. */
    AssertionFailedError failed(String words) {
        String asked =
                server.requests().stream().map(request -> "\n  " + request).collect(Collectors.joining());
        return new AssertionFailedError(
                words + (asked.isEmpty() ? "\nThe server was asked nothing." : "\nThe server was asked:" + asked));
    }

    /** Ends the server. */
    @Override
    public void close() {
        server.close();
        threads.stop();
    }
}
