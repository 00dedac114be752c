package io.cardea.provider.testkit;

import io.cardea.core.registry.PlainText;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ProviderInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Who a provider says that it is, when it arrives and while nobody has configured it. */
final class IdentityChecks {

    private static final Set<String> RESERVED = Set.of("connections", "events", "flows", "providers");
    private static final int MAX_DISPLAY_NAME = 100;
    // What Cardea grants a newcomer for all of its answers together.
    private static final int SECONDS_TO_ARRIVE = 2;

    private IdentityChecks() {}

    static List<Check> all() {
        return List.of(
                Check.of("its name can stand in a URL", trial -> true, IdentityChecks::name),
                Check.of("people are shown a name in plain characters", trial -> true, IdentityChecks::displayName),
                Check.of("it names a way to log in", trial -> true, IdentityChecks::flows),
                Check.of("it says the same of itself each time", trial -> true, IdentityChecks::sameEachTime),
                Check.of("it says at once who it is, and asks nobody", trial -> true, IdentityChecks::atOnce),
                Check.of("its endpoints are the same each time", trial -> true, IdentityChecks::sameEndpoints),
                Check.of("once it is configured, it is available", trial -> true, IdentityChecks::available),
                Check.of(
                        "until it is configured, it is unavailable and names what is missing",
                        trial -> !missing(trial).isEmpty(),
                        IdentityChecks::unavailable),
                Check.of("an unknown key is refused by name", trial -> true, IdentityChecks::unknownKey));
    }

    private static void name(Trial trial) {
        String name = trial.info().name();
        trial.require(
                ConnectionKey.isProviderName(name) && !RESERVED.contains(name),
                "info() names the provider \"" + name + "\". The registry refuses it: a name matches"
                        + " [a-z0-9][a-z0-9-]{0,62}, and is none of "
                        + String.join(", ", new TreeSet<>(RESERVED))
                        + ". Choose another in info() or ProviderDefinition.named(...).");
    }

    private static void displayName(Trial trial) {
        String shown = trial.info().displayName();
        trial.require(
                !shown.isBlank()
                        && shown.length() <= MAX_DISPLAY_NAME
                        && plain(shown)
                        && plain(trial.info().description()),
                "info() has no display name that people can be shown, or a description that they cannot: the display"
                        + " name has 1 to " + MAX_DISPLAY_NAME + " characters, and neither has control or formatting"
                        + " characters, with which a line of a log could be forged. Set displayName and description.");
    }

    private static boolean plain(String text) {
        return PlainText.of(text, Integer.MAX_VALUE).equals(text);
    }

    private static void flows(Trial trial) {
        Set<Flow> flows = trial.info().flows();
        trial.require(
                !flows.isEmpty(),
                "info() names no flow. Then nobody can log in: name AUTHORIZATION_CODE, DEVICE_CODE or MANUAL_CODE.");
        trial.require(
                !flows.contains(Flow.MANUAL_CODE)
                        || trial.provider().manualRedirectUri().isPresent(),
                "info() names MANUAL_CODE, but manualRedirectUri() is absent. Then the service does not know where to"
                        + " show the code: answer with the address of its page.");
    }

    private static void sameEachTime(Trial trial) {
        ProviderInfo first = trial.info();
        trial.require(
                first.equals(trial.info()),
                "info() answers something else each time. Cardea asks once, when the provider arrives, and holds it to"
                        + " that: decide it in the constructor.");
    }

    private static void atOnce(Trial trial) {
        trial.server().faults().hold();
        Outcome<String> outcome = Outcome.of(
                () -> {
                    trial.info();
                    trial.provider().redirectUri();
                    trial.provider().manualRedirectUri();
                    trial.provider().allowedHosts();
                    trial.provider().idTokenSignedResponseAlg();
                    trial.provider().idTokenIssuers();
                    return CompletableFuture.completedFuture("told");
                },
                SECONDS_TO_ARRIVE);
        trial.require(
                outcome.value().isPresent() && trial.server().requests().isEmpty(),
                "info(), redirectUri(), manualRedirectUri(), allowedHosts(), idTokenSignedResponseAlg() and idTokenIssuers() took more"
                        + " than " + SECONDS_TO_ARRIVE + " seconds, threw, or asked the server. Others wait until the"
                        + " provider has arrived: answer from what the constructor was given.");
    }

    private static void sameEndpoints(Trial trial) {
        trial.require(
                trial.get("metadata()", () -> trial.provider().metadata(trial.context()))
                        .equals(trial.get("metadata()", () -> trial.provider().metadata(trial.context()))),
                "metadata() answers something else each time. A login is completed only while the endpoints are the"
                        + " same, so none would be: answer what is configured or discovered.");
    }

    private static void available(Trial trial) {
        String why = trial.info().unavailable().orElse("");
        trial.require(
                why.isEmpty(),
                "info() says that the provider is unavailable (" + why + "), though it was made with all that the"
                        + " server's configuration() has. Read the configuration in the constructor, or have the test's"
                        + " server leave out of configuration() what the provider does not know.");
    }

    /** What an operator has to configure before anybody can log in. */
    private static List<String> missing(Trial trial) {
        List<String> missing = new ArrayList<>();
        if (trial.made(Map.of()).info().clientId().isEmpty()) {
            missing.add("client_id");
        }
        Map<String, String> needed = trial.server().configuration();
        List.of("client_secret", "private_key").stream()
                .filter(needed::containsKey)
                .forEach(missing::add);
        return missing;
    }

    private static void unavailable(Trial trial) {
        List<String> missing = missing(trial);
        String why = trial.made(Map.of()).info().unavailable().orElse("");
        for (String key : missing) {
            trial.require(
                    why.contains(key),
                    "Without any configuration info() says in unavailable(): \"" + why + "\". That does not name " + key
                            + ", so an operator does not learn what to set, or a login ends in an error at the service:"
                            + " name it there; ProviderDefinition does so where clientAuth(...) says how the client"
                            + " authenticates.");
        }
    }

    private static void unknownKey(Trial trial) {
        Map<String, String> configuration = trial.server().configuration();
        configuration.put("cliend_id", "misspelled");
        String why = trial.made(configuration).info().unavailable().orElse("");
        trial.require(
                why.contains("cliend_id"),
                "Configured with the unknown key cliend_id, info() says in unavailable(): \"" + why + "\". A misspelled"
                        + " key that is ignored is found by nobody: name it there, as ProviderDefinition's"
                        + " configure(...) does.");
    }
}
