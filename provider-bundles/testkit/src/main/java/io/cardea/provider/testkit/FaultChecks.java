package io.cardea.provider.testkit;

import static io.cardea.provider.testkit.Misbehaviour.BAD_GATEWAY;
import static io.cardea.provider.testkit.Misbehaviour.CUT;
import static io.cardea.provider.testkit.Misbehaviour.EMPTY;
import static io.cardea.provider.testkit.Misbehaviour.ERROR_WITH_200;
import static io.cardea.provider.testkit.Misbehaviour.HANG_UP;
import static io.cardea.provider.testkit.Misbehaviour.HUGE;
import static io.cardea.provider.testkit.Misbehaviour.TOO_MANY_REQUESTS;
import static io.cardea.provider.testkit.Misbehaviour.UNAVAILABLE;

import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A server that misbehaves must end as a failed stage that says so, and as nothing else. */
final class FaultChecks {

    private static final Set<Misbehaviour> FAULTS =
            EnumSet.of(BAD_GATEWAY, TOO_MANY_REQUESTS, UNAVAILABLE, EMPTY, HUGE, ERROR_WITH_200, HANG_UP, CUT);
    // RFC 7009, section 2.2: its status says that it succeeded, and nobody reads on.
    private static final Set<Misbehaviour> SUCCESSFUL_REVOCATIONS = EnumSet.of(EMPTY, ERROR_WITH_200, CUT);

    private FaultChecks() {}

    static List<Check> all() {
        List<Check> checks = new ArrayList<>();
        for (Operation operation : Operation.ASKING) {
            for (Misbehaviour fault : FAULTS) {
                if (operation != Operation.REVOKE || !SUCCESSFUL_REVOCATIONS.contains(fault)) {
                    checks.add(Check.of(
                            operation.method() + " fails properly when the server " + fault.words(),
                            operation::appliesTo,
                            trial -> run(trial, operation, fault)));
                }
            }
            checks.add(Check.of(
                    operation.method() + " fails properly when the server does not answer in time",
                    operation::appliesTo,
                    trial -> late(trial, operation)));
        }
        return checks;
    }

    private static void run(Trial trial, Operation operation, Misbehaviour fault) {
        Supplier<? extends CompletionStage<?>> call = operation.prepared(trial);
        int before = trial.server().requests().size();
        trial.server().faults().misbehave(fault);
        Outcome<Object> outcome = trial.outcome(call);
        operation.requireAsked(trial, before, outcome);
        Set<String> allowed = allowed(trial, fault);
        boolean unknown = fault == ERROR_WITH_200 && outcome.value().equals(Optional.of(Profile.UNKNOWN));
        trial.require(
                unknown
                        || outcome.refusal()
                                .filter(told -> allowed.contains(told.error()))
                                .isPresent(),
                "When the server " + fault.words() + ", " + operation.method() + " " + outcome.words() + ". "
                        + consequence(fault) + ": fail the stage of " + operation.method()
                        + " with a ProviderException whose error() is " + String.join(" or ", allowed) + ".");
    }

    private static Set<String> allowed(Trial trial, Misbehaviour fault) {
        return switch (fault) {
            case TOO_MANY_REQUESTS, UNAVAILABLE -> Set.of(ProviderException.TEMPORARILY_UNAVAILABLE);
            case HANG_UP -> Set.of(ProviderException.PROVIDER_ERROR, ProviderException.UNREACHABLE);
            case ERROR_WITH_200 -> {
                List<ReceivedRequest> requests = trial.server().requests();
                String said = requests.get(requests.size() - 1)
                        .refusal()
                        .map(Refusal::error)
                        .orElse("");
                yield said.isEmpty() || said.equals(ProviderException.PROVIDER_ERROR)
                        ? Set.of(ProviderException.PROVIDER_ERROR)
                        : Set.of(said, ProviderException.PROVIDER_ERROR);
            }
            default -> Set.of(ProviderException.PROVIDER_ERROR);
        };
    }

    private static String consequence(Misbehaviour fault) {
        return switch (fault) {
            case TOO_MANY_REQUESTS, UNAVAILABLE -> "That passes, and Cardea tries again later only if it is told so";
            case ERROR_WITH_200 -> "An error would be taken for an answer";
            default -> "Cardea must neither take it for an answer nor for a refusal, nor for a fault of the provider";
        };
    }

    private static void late(Trial trial, Operation operation) {
        Supplier<? extends CompletionStage<?>> call = operation.prepared(trial);
        trial.fence().giveUp();
        Outcome<Object> outcome = trial.outcome(call);
        trial.require(
                outcome.refusal()
                        .filter(told -> ProviderException.PROVIDER_TIMEOUT.equals(told.error()))
                        .isPresent(),
                "When context.send() failed with provider_timeout, " + operation.method() + " " + outcome.words()
                        + ". Whoever waits would not learn that the service is slow: pass on unchanged what"
                        + " context.send() fails with.");
    }
}
