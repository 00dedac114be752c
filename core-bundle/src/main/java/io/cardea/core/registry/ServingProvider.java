package io.cardea.core.registry;

import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that is here, called so that whatever it does comes back as an answer or an {@link OAuthException}: it may
 * throw, answer nothing, or never answer.
 */
public final class ServingProvider {

    private static final Logger LOG = LoggerFactory.getLogger(ServingProvider.class);

    private final RegisteredProvider registered;
    private final OAuthProvider provider;
    private final ProviderContext context;
    private final Duration longestCall;

    ServingProvider(
            RegisteredProvider registered, OAuthProvider provider, ProviderContext context, Duration longestCall) {
        this.registered = registered;
        this.provider = provider;
        this.context = context;
        this.longestCall = longestCall;
    }

    public RegisteredProvider registered() {
        return registered;
    }

    public ProviderInfo info() {
        return registered.info();
    }

    /**
     * Calls one of the provider's methods.
     *
     * @return done already where the provider answered at once; fails with {@link OAuthException} alone, whose cause is
     *     the {@link ProviderException} where the provider gave one
     */
    public <T> CompletableFuture<T> call(
            String what, BiFunction<OAuthProvider, ProviderContext, CompletionStage<T>> method) {
        CompletableFuture<T> answer;
        try {
            answer = method.apply(provider, context).toCompletableFuture();
        } catch (Throwable thrown) {
            // A linkage error in a provider's bundle is the provider's fault as much as an exception is.
            return CompletableFuture.failedFuture(failure(what, thrown));
        }
        if (answer.isDone() && !answer.isCompletedExceptionally() && answer.join() != null) {
            return answer;
        }
        return answer.copy()
                .orTimeout(longestCall.toMillis(), TimeUnit.MILLISECONDS)
                .handle((value, thrown) -> {
                    if (thrown != null) {
                        throw failure(what, thrown);
                    }
                    if (value == null) {
                        throw failure(what, new NullPointerException());
                    }
                    return value;
                });
    }

    private OAuthException failure(String what, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof OAuthException already) {
            return already;
        }
        if (cause instanceof ProviderException told) {
            OAuthError error = told.error().equals(ProviderException.PROVIDER_TIMEOUT)
                    ? OAuthError.PROVIDER_TIMEOUT
                    : OAuthError.PROVIDER_ERROR;
            String code = told.error().equals(ProviderException.PROVIDER_ERROR)
                            || told.error().equals(ProviderException.PROVIDER_TIMEOUT)
                    ? ""
                    : " (" + told.error() + ")";
            return new OAuthException(error, Optional.of(info().name()), told.getMessage() + code, told);
        }
        if (cause instanceof TimeoutException) {
            return new OAuthException(
                    OAuthError.PROVIDER_TIMEOUT,
                    Optional.of(info().name()),
                    "The provider did not answer in time",
                    cause);
        }
        Throwable harmless = withoutMessage(cause);
        LOG.error(
                "Provider {} ({} {}) is faulty: {} failed",
                info().name(),
                registered.pluginName(),
                registered.pluginVersion(),
                what,
                harmless);
        return new OAuthException(
                OAuthError.PROVIDER_ERROR,
                Optional.of(info().name()),
                "The provider failed; the log has the details",
                harmless);
    }

    /** A fault's message may quote what the provider was working on: a code, a URL with state, a token. */
    static Throwable withoutMessage(Throwable cause) {
        RuntimeException harmless = new RuntimeException(cause.getClass().getName());
        harmless.setStackTrace(cause.getStackTrace());
        return harmless;
    }
}
