package io.cardea.provider.testkit;

import io.cardea.oauth.provider.Credential;
import java.util.List;
import java.util.Optional;

/** Getting the next access token (RFC 6749, section 6). */
final class RefreshChecks {

    private RefreshChecks() {}

    static List<Check> all() {
        return List.of(
                Check.of("a refresh brings the next access token", Operation.REFRESH::appliesTo, RefreshChecks::next),
                Check.of(
                        "a refresh brings the next refresh token where there is one",
                        trial -> Operation.REFRESH.appliesTo(trial)
                                && trial.server().rotatesRefreshTokens(),
                        RefreshChecks::rotated),
                Check.of(
                        "a refresh that brings no refresh token keeps the old one",
                        Operation.REFRESH::appliesTo,
                        RefreshChecks::kept),
                Check.of(
                        "a refused refresh fails with invalid_grant",
                        Operation.REFRESH::appliesTo,
                        RefreshChecks::refused));
    }

    private static Credential refreshed(Trial trial, Credential before) {
        return trial.get("refresh()", () -> trial.provider().refresh(before, trial.context()));
    }

    private static void next(Trial trial) {
        Credential before = trial.credential();
        Credential after = refreshed(trial, before);
        trial.require(
                trial.server().accepts(after.accessToken())
                        && !after.accessToken().equals(before.accessToken()),
                "refresh() brought the old access token, or one that the server did not give out. The connection would"
                        + " end with the old one: read access_token of the answer to the refresh.");
    }

    private static void rotated(Trial trial) {
        Credential after = refreshed(trial, trial.credential());
        trial.require(
                after.refreshToken().filter(trial.server()::acceptsRefreshToken).isPresent(),
                "The server gave out another refresh token, and refresh() brought "
                        + (after.refreshToken().isPresent() ? "the spent one" : "none")
                        + ". Cardea would send the spent one next time, which the server takes for theft: read"
                        + " refresh_token of the answer to the refresh.");
    }

    private static void kept(Trial trial) {
        Credential before = trial.credential();
        trial.server().faults().withholdRefreshToken();
        Credential after = refreshed(trial, before);
        Optional<String> next = after.refreshToken().or(before::refreshToken);
        trial.require(
                next.equals(before.refreshToken()),
                "The server gave out no new refresh token, which means that the old one stays good, and refresh() brought"
                        + " another. The next refresh would fail: leave refreshToken() of the credential absent, or"
                        + " repeat the old one.");
    }

    private static void refused(Trial trial) {
        Credential before = trial.credential();
        trial.server().person().withdrawsConsent();
        Outcome<Credential> outcome = trial.outcome(() -> trial.provider().refresh(before, trial.context()));
        trial.require(
                outcome.refusal()
                        .filter(told -> "invalid_grant".equals(told.error()))
                        .isPresent(),
                "The server refused a refresh token that is no longer good, and refresh() " + outcome.words() + ". By"
                        + " invalid_grant alone Cardea learns that a person must log in again; with anything else it tries"
                        + " for ever: fail the stage of refresh() with a ProviderException whose error() is"
                        + " invalid_grant, whatever the service calls it.");
    }
}
