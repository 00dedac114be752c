package io.cardea.provider.testkit;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/** A method that answers with a stage, and what has to come before it is called. */
enum Operation {
    METADATA("metadata()"),
    AUTHORIZATION_URL("authorizationUrl()"),
    EXCHANGE("exchange()"),
    REFRESH("refresh()"),
    REVOKE("revoke()"),
    PROFILE("profile()"),
    AUTHORIZE_DEVICE("authorizeDevice()"),
    POLL_DEVICE("pollDevice()");

    /** Those that ask the service each time, and not only when its endpoints have to be discovered. */
    static final List<Operation> ASKING = List.of(EXCHANGE, REFRESH, REVOKE, PROFILE, AUTHORIZE_DEVICE, POLL_DEVICE);

    private final String method;

    Operation(String method) {
        this.method = method;
    }

    String method() {
        return method;
    }

    /** Whether the provider has it at all. */
    boolean appliesTo(Trial trial) {
        return switch (this) {
            case METADATA -> true;
            case AUTHORIZATION_URL, EXCHANGE -> trial.hasCodes();
            case REFRESH -> trial.known().supportsRefresh() && trial.server().grantsRefreshTokens();
            case REVOKE -> trial.known().supportsRevocation();
            case PROFILE -> trial.server().endpoints().containsKey("userinfo_endpoint");
            case AUTHORIZE_DEVICE, POLL_DEVICE -> trial.has(Flow.DEVICE_CODE);
        };
    }

    /** The call, with all done that comes before it; where endpoints are discovered, they are known already. */
    Supplier<? extends CompletionStage<?>> prepared(Trial trial) {
        if (ASKING.contains(this)) {
            trial.get("metadata()", () -> trial.provider().metadata(trial.context()));
        }
        return switch (this) {
            case METADATA -> () -> trial.provider().metadata(trial.context());
            case AUTHORIZATION_URL -> authorizationUrl(trial);
            case EXCHANGE -> exchange(trial);
            case REFRESH -> refresh(trial);
            case REVOKE -> RevocationAndProfileChecks.revocation(trial, trial.credential());
            case PROFILE -> profile(trial);
            case AUTHORIZE_DEVICE -> () -> trial.provider().authorizeDevice(List.of(), trial.context());
            case POLL_DEVICE -> pollDevice(trial);
        };
    }

    /** Leaves the rest of a check out where a profile is known without asking, as from claims of an ID token. */
    void requireAsked(Trial trial, int before, Outcome<?> outcome) {
        boolean needless = this == PROFILE
                && outcome.value().isPresent()
                && trial.server().requests().size() == before;
        Assumptions.assumeFalse(needless, "left out: profile() does not ask the server");
    }

    private static Supplier<? extends CompletionStage<?>> authorizationUrl(Trial trial) {
        AuthorizationRequest request = trial.login().request();
        return () -> trial.provider().authorizationUrl(request, trial.context());
    }

    private static Supplier<? extends CompletionStage<?>> exchange(Trial trial) {
        AuthorizationCode code = trial.approved(trial.login());
        return () -> trial.provider().exchange(code, trial.context());
    }

    private static Supplier<? extends CompletionStage<?>> refresh(Trial trial) {
        Credential credential = trial.credential();
        return () -> trial.provider().refresh(credential, trial.context());
    }

    private static Supplier<? extends CompletionStage<?>> profile(Trial trial) {
        Credential credential = trial.credential();
        return () -> trial.provider().profile(credential, trial.context());
    }

    private static Supplier<? extends CompletionStage<?>> pollDevice(Trial trial) {
        DeviceAuthorization device =
                trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context()));
        trial.server().person().approvesDevice(device.userCode());
        return () -> trial.provider().pollDevice(device, trial.context());
    }
}
