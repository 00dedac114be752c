package io.cardea.core.registry;

import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that is here, called so that whatever it does comes back as an answer or an {@link OAuthException}: it may
 * throw, block, answer nothing, or never answer. What it says of its own failures is not repeated, for it may quote a
 * code or a token.
 */
public final class ServingProvider {

    private static final Logger LOG = LoggerFactory.getLogger(ServingProvider.class);
    private static final int MOST_INSIDE = 16;
    private static final int PATIENCE_MILLIS = 50;
    // RFC 6749, section 5.2, and its relatives; a token looks different.
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,40}");

    private final RegisteredProvider registered;
    private final OAuthProvider provider;
    private final ProviderContext context;
    private final Duration longestCall;
    private final ProviderThreads threads;
    private final Executor continuations;
    private final Semaphore inside = new Semaphore(MOST_INSIDE);

    /** @param continuations what goes on after an answer, or after waiting for one in vain, goes on there */
    ServingProvider(
            RegisteredProvider registered,
            OAuthProvider provider,
            ProviderContext context,
            Duration longestCall,
            Executor continuations) {
        this.registered = registered;
        this.provider = provider;
        this.threads = new ProviderThreads(registered.info().name());
        this.context = threads.context(context);
        this.longestCall = longestCall;
        this.continuations = continuations;
    }

    public RegisteredProvider registered() {
        return registered;
    }

    public ProviderInfo info() {
        return registered.info();
    }

    /**
     * Calls a method that asks the authorization server, on the provider's own threads.
     *
     * @return fails with {@link OAuthException} alone, whose cause is the {@link ProviderException} where the provider
     *     gave one
     */
    public <T> CompletableFuture<T> call(
            String what, BiFunction<OAuthProvider, ProviderContext, CompletionStage<T>> method) {
        return bounded(
                what,
                CompletableFuture.supplyAsync(() -> method.apply(provider, context), threads)
                        .thenCompose(Function.identity()));
    }

    /**
     * Calls a method that answers out of its head, on this very thread, which spares a change of threads on the way of
     * every login. Only so many may be inside at a time: a provider that blocks here keeps that many threads and no more.
     *
     * @return done already where the provider answered at once; fails as {@link #call} does
     */
    public <T> CompletableFuture<T> ask(
            String what, BiFunction<OAuthProvider, ProviderContext, CompletionStage<T>> method) {
        CompletableFuture<T> answer;
        if (!enter()) {
            return CompletableFuture.failedFuture(new OAuthException(
                    OAuthError.PROVIDER_UNAVAILABLE, Optional.of(info().name()), "The provider is busy. Try again."));
        }
        try {
            answer = Objects.requireNonNull(method.apply(provider, context).toCompletableFuture());
        } catch (Throwable thrown) {
            // A linkage error in a provider's bundle is the provider's fault as much as an exception is.
            return CompletableFuture.failedFuture(failure(what, thrown));
        } finally {
            inside.release();
        }
        return answer.isDone() && !answer.isCompletedExceptionally() && answer.join() != null
                ? answer
                : bounded(what, answer.copy());
    }

    private boolean enter() {
        try {
            return inside.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private <T> CompletableFuture<T> bounded(String what, CompletableFuture<T> answer) {
        // Asynchronously, because the JVM has one thread for all that runs out of time.
        return answer.orTimeout(longestCall.toMillis(), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (value, thrown) -> {
                            if (thrown != null) {
                                throw failure(what, thrown);
                            }
                            if (value == null) {
                                throw failure(what, new NullPointerException());
                            }
                            return value;
                        },
                        continuations);
    }

    private OAuthException failure(String what, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof TimeoutException) {
            return failed(OAuthError.PROVIDER_TIMEOUT, "The provider did not answer in time", cause);
        }
        if (cause instanceof ProviderException told) {
            return switch (String.valueOf(told.error())) {
                case ProviderException.PROVIDER_TIMEOUT ->
                    failed(OAuthError.PROVIDER_TIMEOUT, "The provider did not answer in time", told);
                case ProviderException.PROVIDER_ERROR ->
                    failed(OAuthError.PROVIDER_ERROR, "The provider gave no OAuth answer; the log may say more", told);
                default -> failed(OAuthError.PROVIDER_ERROR, "The provider refused" + code(told), told);
            };
        }
        Throwable harmless = withoutMessage(cause);
        LOG.error(
                "Provider {} ({} {}) is faulty: {} failed",
                info().name(),
                registered.pluginName(),
                registered.pluginVersion(),
                what,
                harmless);
        return failed(OAuthError.PROVIDER_ERROR, "The provider failed; the log has the details", harmless);
    }

    private OAuthException failed(OAuthError error, String description, Throwable cause) {
        return new OAuthException(error, Optional.of(info().name()), description, cause);
    }

    private static String code(ProviderException told) {
        String code = String.valueOf(told.error());
        return ERROR_CODE.matcher(code).matches() ? " (" + code + ")" : "";
    }

    /** A fault's message may quote what the provider was working on: a code, a URL with state, a token. */
    static Throwable withoutMessage(Throwable cause) {
        RuntimeException harmless = new RuntimeException(cause.getClass().getName());
        harmless.setStackTrace(cause.getStackTrace());
        return harmless;
    }
}
