package io.cardea.core.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.oidc.IdToken;
import io.cardea.core.oidc.IdTokens;
import io.cardea.core.oidc.IdTokens.Expectation;
import io.cardea.core.outbound.Hosts;
import io.cardea.core.outbound.OutboundException;
import io.cardea.core.seal.Sha256;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ProviderInfo;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that is here, called so that whatever it does comes back as an answer or an {@link OAuthException}: it may
 * throw, block, answer nothing, or never answer. What it says of its own failures is not repeated, for it may quote a
 * code or a token; what Cardea itself found wrong with a server is.
 */
public final class ServingProvider {

    private static final Logger LOG = LoggerFactory.getLogger(ServingProvider.class);
    private static final int MAX_WAITING = 1000;

    private final RegisteredProvider registered;
    private final ProviderDescription description;
    private final OAuthProvider provider;
    private final ProviderContext context;
    // Made when the first one is validated: most providers have none, and its library takes its time to load.
    private Optional<IdTokens> idTokens = Optional.empty();
    private final ProviderFailures failures;
    private final Supplier<Duration> callTimeout;
    private final DaemonThreads threads;
    private final Executor continuations;
    private final Bulkhead bulkhead;
    private final CallsInFlight inFlight;
    // Calls that no thread has taken yet, since all are inside a provider that blocks.
    private final AtomicInteger waiting = new AtomicInteger();
    // The last one, which is nearly always asked for again.
    private volatile Binding binding = new Binding(Optional.empty(), "", "");
    // The last one that was looked at and found good: most providers answer the same object each time.
    private volatile Optional<ServerMetadata> accepted = Optional.empty();

    private record Binding(Optional<ServerMetadata> server, String redirectUri, String digest) {}

    /** @param continuations what goes on after an answer, or after waiting for one in vain, goes on there */
    ServingProvider(
            RegisteredProvider registered,
            ProviderDescription description,
            OAuthProvider provider,
            ProviderContext context,
            Supplier<Duration> callTimeout,
            Executor continuations,
            Bulkhead bulkhead,
            CallsInFlight inFlight) {
        this.registered = registered;
        this.failures = new ProviderFailures(registered);
        this.description = description;
        this.provider = provider;
        this.threads = new DaemonThreads(registered.info().name());
        this.bulkhead = bulkhead;
        this.inFlight = inFlight;
        this.context = new RestrictedContext(context, description.allowedHosts(), threads);
        this.callTimeout = callTimeout;
        this.continuations = continuations;
    }

    public RegisteredProvider registered() {
        return registered;
    }

    public ProviderInfo info() {
        return registered.info();
    }

    /** Name and version of its bundle: of two that serve under one name this one is asked for by it. */
    public String plugin() {
        return registered.pluginName() + " " + registered.pluginVersion();
    }

    /** Where the browser is to come back to: where the service insists on it, or to Cardea's own callback. */
    public String redirectUri(String own) {
        return description.redirectUri().orElse(own);
    }

    /** Where a person finds the code to paste: on a page of the service, or in the address of a page that failed to load. */
    public String manualRedirectUri(String own) {
        return description.manualRedirectUri().orElseGet(() -> redirectUri(own));
    }

    /** The authorization server's endpoints; fails also when secrets must not be sent to one of them. */
    public CompletableFuture<ServerMetadata> metadata() {
        return callDirectly("metadata", OAuthProvider::metadata).thenApply(this::accepted);
    }

    private ServerMetadata accepted(ServerMetadata server) {
        if (accepted.filter(server::equals).isPresent()) {
            return server;
        }
        requireAllowed("authorization_endpoint", server.authorizationEndpoint());
        requireAllowed("token_endpoint", server.tokenEndpoint());
        requireAllowed("revocation_endpoint", server.revocationEndpoint());
        requireAllowed("userinfo_endpoint", server.userinfoEndpoint());
        requireAllowed("device_authorization_endpoint", server.deviceAuthorizationEndpoint());
        requireAllowed("jwks_uri", server.jwksUri());
        accepted = Optional.of(server);
        return server;
    }

    private void requireAllowed(String name, Optional<URI> endpoint) {
        endpoint.filter(url -> !Hosts.isSecure(url) || !Hosts.isAllowed(description.allowedHosts(), url.getHost()))
                .ifPresent(url -> {
                    LOG.warn("Provider {}: {} {} is not https, or not on an allowed host", info().name(), name, url);
                    throw failures.of(
                            "metadata",
                            new OutboundException(
                                    ProviderException.PROVIDER_ERROR,
                                    "The " + name + " must not be used: it is not https, or not on an allowed host"));
                });
    }

    /**
     * What a login with this provider is bound to: issuer, client, endpoints and redirect URI as one text. Changed in any
     * part, it is another server, or another client.
     */
    public String binding(ServerMetadata server, String redirectUri) {
        Binding known = binding;
        if (!known.server().equals(Optional.of(server)) || !known.redirectUri().equals(redirectUri)) {
            known = new Binding(Optional.of(server), redirectUri, digest(server, redirectUri));
            binding = known;
        }
        return known.digest();
    }

    private String digest(ServerMetadata server, String redirectUri) {
        String all = String.join(
                "\u0000",
                server.issuer().orElse(""),
                info().clientId().orElse(""),
                server.authorizationEndpoint().map(URI::toString).orElse(""),
                server.tokenEndpoint().map(URI::toString).orElse(""),
                redirectUri);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(all.getBytes(UTF_8)));
    }

    /**
     * Validates the credential's ID token.
     *
     * @param nonce that of the login; absent after a refresh
     * @param required whether there must be one
     * @return absent where there is none, or where it cannot be validated, for nothing is known of the issuer's keys
     */
    public CompletableFuture<Optional<IdToken>> idToken(
            ServerMetadata server, Credential credential, Optional<String> nonce, boolean required) {
        if ((required || credential.idToken().isPresent())
                && server.issuer().isPresent()
                && server.jwksUri().isEmpty()) {
            return withKeys(server, required)
                    .thenCompose(found -> found.isPresent()
                            ? idToken(found.get(), credential, nonce, required)
                            : CompletableFuture.completedFuture(Optional.empty()));
        }
        Optional<Expectation> expected = Expectation.of(
                server, description.idTokenIssuers(), info().clientId(), description.idTokenSignedResponseAlg(), nonce);
        if (expected.isEmpty() || (credential.idToken().isEmpty() && !required)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return bounded(
                        "the ID token",
                        idTokens()
                                .validate(credential, expected.get())
                                .toCompletableFuture()
                                .whenComplete((token, thrown) -> logReason(thrown)))
                .thenApply(Optional::of);
    }

    /** Where the keys of a server are of which its issuer alone is known; a login that asked for an ID token needs them. */
    private CompletableFuture<Optional<ServerMetadata>> withKeys(ServerMetadata server, boolean required) {
        CompletableFuture<Optional<ServerMetadata>> found = bounded(
                        "the issuer's metadata",
                        context.discover(server.issuer().orElseThrow()).toCompletableFuture())
                .thenApply(server::or)
                .thenApply(known -> {
                    if (known.jwksUri().isEmpty()) {
                        throw new OAuthException(
                                OAuthError.PROVIDER_ERROR,
                                Optional.of(info().name()),
                                "The issuer does not say where its keys are; set jwks_uri");
                    }
                    return Optional.of(known);
                });
        return required ? found : found.exceptionally(unknown -> Optional.empty());
    }

    private synchronized IdTokens idTokens() {
        if (idTokens.isEmpty()) {
            idTokens = Optional.of(new IdTokens(context::send, context.clock()));
        }
        return idTokens.get();
    }

    /** Only of what was found here: what a provider says may quote a secret. */
    private void logReason(@Nullable Throwable thrown) {
        if (thrown != null && Failures.cause(thrown) instanceof ProviderException found) {
            LOG.warn("Provider {}: {}", info().name(), found.getMessage());
        }
    }

    /**
     * Counts calls that belong together as one: a bundle that stops waits until the last of them has ended, and not only
     * for the one that is just under way. Absent when it has left already.
     */
    <T> Optional<CompletableFuture<T>> unlessLeft(Supplier<CompletableFuture<T>> calls) {
        return inFlight.tryBegin() ? Optional.of(begun(calls)) : Optional.empty();
    }

    private <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> calls) {
        try {
            return inFlight.endWith(calls.get());
        } catch (Throwable thrown) {
            // An error too: a call that is counted for ever would hold up each departure.
            return inFlight.endWith(CompletableFuture.failedFuture(thrown));
        }
    }

    /**
     * Calls a method that asks the authorization server, on the provider's own threads.
     *
     * @return fails with {@link OAuthException} alone, whose cause is the {@link ProviderException} where the provider
     *     gave one
     */
    public <T> CompletableFuture<T> call(
            String what, BiFunction<OAuthProvider, ProviderContext, CompletionStage<T>> method) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(failures.told(
                    OAuthError.TEMPORARILY_UNAVAILABLE,
                    "Too many calls wait for this provider, which answers none. Try again later.",
                    new RejectedExecutionException()));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> {
            waiting.decrementAndGet();
            // Whoever waited for it in vain has been told so: what is made of a call must not happen behind their back.
            if (!answer.isDone()) {
                run(method, answer);
            }
        });
        inFlight.begin();
        return begun(() -> bounded(what, answer));
    }

    /**
     * Calls a method that answers out of its head, on the very thread of the request, which spares a change of threads on
     * the way of every login. Where that thread is one that others wait for, or where other callers are still inside, it
     * is called as {@link #call} does.
     *
     * @return done already where the provider answered at once; fails as {@link #call} does
     */
    public <T> CompletableFuture<T> callDirectly(
            String what, BiFunction<OAuthProvider, ProviderContext, CompletionStage<T>> method) {
        if (DaemonThreads.areRunning() || !bulkhead.enter()) {
            return call(what, method);
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            run(method, answer);
        } finally {
            bulkhead.leave();
        }
        return answer.isDone() && !answer.isCompletedExceptionally() && answer.join() != null
                ? answer
                : bounded(what, answer);
    }

    /** Has a future of our own take over what the provider's stage answers: that stage may be of a class that blocks. */
    private <T> void run(
            BiFunction<OAuthProvider, ProviderContext, CompletionStage<T>> method, CompletableFuture<T> answer) {
        try {
            method.apply(provider, context).whenComplete((value, thrown) -> {
                if (thrown == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(thrown);
                }
            });
        } catch (Throwable thrown) {
            // A linkage error in a provider's bundle is the provider's fault as much as an exception is.
            answer.completeExceptionally(thrown);
        }
    }

    private <T> CompletableFuture<T> bounded(String what, CompletableFuture<T> answer) {
        // Asynchronously, because the JVM has one thread for all that runs out of time.
        return answer.orTimeout(callTimeout.get().toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (value, thrown) -> {
                            if (thrown != null) {
                                throw failures.of(what, thrown);
                            }
                            if (value == null) {
                                throw failures.of(what, new NullPointerException());
                            }
                            return value;
                        },
                        continuations);
    }

    /** The provider's own error code (RFC 6749, section 5.2; RFC 8628, section 3.5); absent where it gave none. */
    public static Optional<String> errorCode(Throwable failure) {
        return failure.getCause() instanceof ProviderException told ? Optional.of(told.error()) : Optional.empty();
    }
}
