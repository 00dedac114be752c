package io.cardea.provider.testkit;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** What a provider must not do, whatever it is asked: block, tell secrets, talk to strangers. */
final class DisciplineChecks {

    // The server holds its answer meanwhile, so whoever waits for that takes longer by far.
    private static final int MOMENTS = 5;

    private DisciplineChecks() {}

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            checks.add(Check.of(
                    operation.method() + " does not block", operation::appliesTo, trial -> blocks(trial, operation)));
        }
        for (Operation operation : Operation.ASKING) {
            checks.add(Check.of(
                    operation.method() + " tells no secret when it fails",
                    operation::appliesTo,
                    trial -> failures(trial, operation)));
        }
        checks.add(Check.of("what it answers shows no secret", trial -> true, DisciplineChecks::answers));
        checks.add(Check.of("it asks nobody but the configured service", trial -> true, DisciplineChecks::strangers));
        return checks;
    }

    private static void blocks(Trial trial, Operation operation) {
        Supplier<? extends CompletionStage<?>> call = operation.prepared(trial);
        trial.server().faults().hold();
        CompletableFuture<CompletionStage<?>> returned = new CompletableFuture<>();
        Outcome.begin(call, returned);
        CompletionStage<?> stage;
        try {
            stage = returned.get(MOMENTS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw trial.failed(
                    "While the server did not answer, " + operation.method() + " did not return. One of the few"
                            + " threads that all logins share would wait there: go on with the stage of context.send() by"
                            + " thenApply or thenCompose, and call neither get() nor join().");
        } catch (ExecutionException e) {
            throw trial.failed(operation.method() + " threw " + e.getCause() + " instead of answering with a stage.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestAbortedException("interrupted", e);
        }
        trial.server().faults().release();
        trial.require(stage != null, operation.method() + " answered with null instead of a stage.");
        Outcome<Object> outcome = Outcome.of(stage, trial.patienceSeconds());
        trial.require(
                outcome.value().isPresent(),
                operation.method() + " returned while the server did not answer yet, and when it did, "
                        + outcome.words() + ". The stage must complete with what the answer brought.");
    }

    private static void failures(Trial trial, Operation operation) {
        for (Misbehaviour fault : List.of(
                Misbehaviour.ECHOING_REFUSAL, Misbehaviour.ECHO, Misbehaviour.CUT, Misbehaviour.ERROR_WITH_200)) {
            trial.server().faults().behave();
            Supplier<? extends CompletionStage<?>> call = operation.prepared(trial);
            trial.server().faults().misbehave(fault);
            Outcome<Object> outcome = trial.outcome(call);
            outcome.failure()
                    .ifPresent(thrown -> trial.require(
                            !tells(trial, everything(thrown)),
                            "When the server " + fault.words() + ", the exception that " + operation.method()
                                    + " fails with repeats a secret: a code, a verifier, a token, the device code or the"
                                    + " client secret. It would stand in logs and pages: say what is wrong in words of"
                                    + " your own, quote nothing of the answer but its error code, and leave out the"
                                    + " cause where its message quotes what it read."));
        }
    }

    private static void answers(Trial trial) {
        List<Object> answers = new ArrayList<>(List.of(trial.provider(), trial.info()));
        answers.add(trial.get("metadata()", () -> trial.provider().metadata(trial.context())));
        Credential credential = trial.credential();
        answers.add(credential);
        answers.add(trial.get("profile()", () -> trial.provider().profile(credential, trial.context())));
        if (trial.has(Flow.DEVICE_CODE)) {
            answers.add(
                    trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context())));
        }
        for (Object answer : answers) {
            trial.require(
                    !tells(trial, String.valueOf(answer)),
                    "toString() of " + answer.getClass().getSimpleName()
                            + " shows a secret: a token, the device code or"
                            + " the client secret. It would stand in logs: put secrets into no other member than that"
                            + " which is made for them, and leave them out of the provider's own toString().");
        }
    }

    private static void strangers(Trial trial) {
        for (Operation operation : Operation.values()) {
            if (operation.appliesTo(trial)) {
                trial.outcome(operation.prepared(trial));
                trial.require(
                        trial.fence().foreign().isEmpty(),
                        operation.method() + " sent a request to "
                                + trial.fence().foreign() + ", and the server is at "
                                + trial.server().url() + ". A token or a code would go to whom no operator has chosen:"
                                + " ask the endpoints of metadata() alone, and let each be configured.");
            }
        }
    }

    private static String everything(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .map(cause -> cause + " " + List.of(cause.getSuppressed()))
                .reduce("", (before, next) -> before + "\n" + next);
    }

    private static boolean tells(Trial trial, String text) {
        return trial.server().secrets().stream()
                .anyMatch(secret -> text.contains(secret) || text.contains(Parameters.encode(secret)));
    }
}
