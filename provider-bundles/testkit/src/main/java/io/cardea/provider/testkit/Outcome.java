package io.cardea.provider.testkit;

import io.cardea.oauth.provider.ProviderException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What a call came to.
 *
 * @param value what its stage brought, where it did
 * @param failure what its stage failed with, where it did
 * @param fault in words, where it came to neither
 */
record Outcome<T>(Optional<T> value, Optional<Throwable> failure, Optional<String> fault) {

    /** Calls on a thread of its own, for a provider may never come back from there. */
    static <T> Outcome<T> of(Supplier<? extends CompletionStage<? extends T>> call, int patienceSeconds) {
        CompletableFuture<CompletionStage<? extends T>> returned = new CompletableFuture<>();
        begin(call, returned);
        CompletionStage<? extends T> stage;
        try {
            stage = returned.get(patienceSeconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return fault("threw " + cause(e) + " instead of answering with a stage");
        } catch (TimeoutException e) {
            return fault("did not return within " + patienceSeconds + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fault("was interrupted");
        }
        return stage == null ? fault("answered with null instead of a stage") : of(stage, patienceSeconds);
    }

    /** Calls, and completes the future with what the method returned. */
    static <T> void begin(
            Supplier<? extends CompletionStage<? extends T>> call,
            CompletableFuture<CompletionStage<? extends T>> returned) {
        Thread thread = new Thread(
                () -> {
                    try {
                        returned.complete(call.get());
                    } catch (Throwable thrown) {
                        returned.completeExceptionally(thrown);
                    }
                },
                "provider-under-test");
        thread.setDaemon(true);
        thread.start();
    }

    /** What a stage comes to. */
    static <T> Outcome<T> of(CompletionStage<? extends T> stage, int patienceSeconds) {
        CompletableFuture<Optional<T>> ended = new CompletableFuture<>();
        stage.whenComplete((value, thrown) -> {
            if (thrown == null) {
                ended.complete(Optional.ofNullable(value));
            } else {
                ended.completeExceptionally(thrown);
            }
        });
        try {
            Optional<T> value = ended.get(patienceSeconds, TimeUnit.SECONDS);
            return value.isPresent()
                    ? new Outcome<>(value, Optional.empty(), Optional.empty())
                    : fault("answered with a stage that completes with null");
        } catch (ExecutionException e) {
            return new Outcome<>(Optional.empty(), Optional.of(cause(e)), Optional.empty());
        } catch (TimeoutException e) {
            return fault("answered with a stage that was not complete after " + patienceSeconds + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fault("was interrupted");
        }
    }

    private static <T> Outcome<T> fault(String what) {
        return new Outcome<>(Optional.empty(), Optional.empty(), Optional.of(what));
    }

    private static Throwable cause(Throwable thrown) {
        boolean wrapped = thrown instanceof ExecutionException || thrown instanceof CompletionException;
        Throwable cause = thrown.getCause();
        return wrapped && cause != null ? cause(cause) : thrown;
    }

    /** The failure that the contract allows. */
    Optional<ProviderException> refusal() {
        return failure.filter(ProviderException.class::isInstance).map(ProviderException.class::cast);
    }

    /** What happened, to follow the name of the method. */
    String words() {
        if (fault.isPresent()) {
            return fault.get();
        }
        if (value.isPresent()) {
            return "succeeded";
        }
        return refusal()
                .map(told -> "failed with the error " + told.error() + " (" + told.getMessage() + ")")
                .orElseGet(() -> "failed with " + failure.orElseThrow() + ", which is no ProviderException");
    }
}
