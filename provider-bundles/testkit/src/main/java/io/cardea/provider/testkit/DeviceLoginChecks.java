package io.cardea.provider.testkit;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import java.net.URI;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** A login on another device (RFC 8628). */
final class DeviceLoginChecks {

    private static final Pattern USER_CODE = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,62}[\\x21-\\x7e])?");

    private DeviceLoginChecks() {}

    static List<Check> all() {
        return List.of(
                Check.of(
                        "a device is told its codes and where to enter them",
                        DeviceLoginChecks::applies,
                        DeviceLoginChecks::codes),
                Check.of("a device login goes all the way", DeviceLoginChecks::applies, DeviceLoginChecks::approved),
                answered("authorization_pending", "the person has not answered", (trial, device) -> {}),
                answered(
                        "slow_down",
                        "Cardea polls too often",
                        (trial, device) -> trial.server().faults().findNextPollTooFast()),
                answered(
                        "access_denied",
                        "the person denied",
                        (trial, device) -> trial.server().person().deniesDevice(device.userCode())),
                answered(
                        "expired_token",
                        "the codes have expired",
                        (trial, device) -> trial.server().person().forgetsDevice(device.userCode())));
    }

    private static boolean applies(Trial trial) {
        return trial.has(Flow.DEVICE_CODE);
    }

    private static DeviceAuthorization begun(Trial trial) {
        return trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context()));
    }

    private static void codes(Trial trial) {
        DeviceAuthorization device = begun(trial);
        trial.require(
                trial.server().secrets().contains(device.deviceCode()),
                "authorizeDevice() brought a device code that the server did not give out. No poll would find it: read"
                        + " device_code of the answer.");
        trial.require(
                USER_CODE.matcher(device.userCode()).matches() && isWebPage(device.verificationUri()),
                "authorizeDevice() brought a user code that nobody can type, or a verification URI that is no web page."
                        + " The person could not log in: read user_code and verification_uri of the answer.");
        trial.require(
                device.interval() >= 1
                        && device.expiresAt().isAfter(trial.context().clock().instant()),
                "authorizeDevice() brought an interval of " + device.interval() + " seconds and codes that end at "
                        + device.expiresAt()
                        + ". Cardea would poll without a pause, or not at all: read interval (5 when"
                        + " absent) and expires_in, which are seconds.");
    }

    private static boolean isWebPage(String address) {
        try {
            URI uri = URI.create(address);
            return uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void approved(Trial trial) {
        DeviceAuthorization device = begun(trial);
        trial.server().person().approvesDevice(device.userCode());
        CodeLoginChecks.requireGranted(
                trial,
                trial.get("pollDevice()", () -> trial.provider().pollDevice(device, trial.context())),
                "pollDevice()");
    }

    private static Check answered(String error, String when, BiConsumer<Trial, DeviceAuthorization> event) {
        return Check.of("a poll says " + error + " when " + when, DeviceLoginChecks::applies, trial -> {
            DeviceAuthorization device = begun(trial);
            event.accept(trial, device);
            Outcome<Credential> outcome = trial.outcome(() -> trial.provider().pollDevice(device, trial.context()));
            trial.require(
                    outcome.refusal().filter(told -> error.equals(told.error())).isPresent(),
                    "The server said in its way that " + when + ", and pollDevice() " + outcome.words()
                            + ". Cardea goes"
                            + " on, slows down or ends by the error alone (RFC 8628, section 3.5): fail the stage with a"
                            + " ProviderException whose error() is " + error + ".");
        });
    }
}
