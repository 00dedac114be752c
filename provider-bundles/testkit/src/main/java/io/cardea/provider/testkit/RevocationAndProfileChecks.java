package io.cardea.provider.testkit;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The end of a credential (RFC 7009), and whose it is (OpenID Connect Core, section 5.3). */
final class RevocationAndProfileChecks {

    private RevocationAndProfileChecks() {}

    static List<Check> all() {
        return List.of(
                Check.of(
                        "a revoked credential is dead at the server",
                        Operation.REVOKE::appliesTo,
                        RevocationAndProfileChecks::revoked),
                Check.of(
                        "a credential without a refresh token is revoked, too",
                        Operation.REVOKE::appliesTo,
                        RevocationAndProfileChecks::revokedAccessToken),
                Check.of(
                        "what was revoked already is revoked with success",
                        Operation.REVOKE::appliesTo,
                        RevocationAndProfileChecks::revokedTwice),
                Check.of(
                        "the profile tells subject and account",
                        RevocationAndProfileChecks::isKnown,
                        RevocationAndProfileChecks::profile),
                Check.of(
                        "the profile of a dead credential is a failure",
                        Operation.PROFILE::appliesTo,
                        RevocationAndProfileChecks::profileOfDead));
    }

    static Supplier<CompletionStage<Boolean>> revocation(Trial trial, Credential credential) {
        return Trial.bringing(() -> trial.provider().revoke(credential, trial.context()));
    }

    private static void revoked(Trial trial) {
        Credential credential = trial.credential();
        trial.get("revoke()", revocation(trial, credential));
        trial.require(
                !trial.server().accepts(credential.accessToken())
                        && credential
                                .refreshToken()
                                .filter(trial.server()::acceptsRefreshToken)
                                .isEmpty(),
                "revoke() succeeded, and the server still accepts the credential. Whoever has a copy could go on with it:"
                        + " have revoke() ask the service to revoke the refresh token, which ends the access tokens as"
                        + " well, or say supportsRevocation = false in info().");
    }

    private static void revokedAccessToken(Trial trial) {
        Credential whole = trial.credential();
        Credential credential = new Credential(
                whole.accessToken(),
                whole.tokenType(),
                whole.expiresAt(),
                Optional.empty(),
                whole.idToken(),
                whole.scopes(),
                whole.attributes());
        trial.get("revoke()", revocation(trial, credential));
        trial.require(
                !trial.server().accepts(credential.accessToken()),
                "revoke() of a credential without a refresh token succeeded, and the server still accepts its access"
                        + " token. Whoever has a copy could go on with it: have revoke() send the access token then.");
    }

    private static void revokedTwice(Trial trial) {
        Credential credential = trial.credential();
        trial.get("revoke()", revocation(trial, credential));
        Outcome<Boolean> again = trial.outcome(revocation(trial, credential));
        trial.require(
                again.value().isPresent(),
                "revoke() of a credential that was revoked already " + again.words()
                        + ". Its end is what was wanted, so"
                        + " an operator would be warned of nothing: have revoke() succeed where the service says that it"
                        + " does not know the token.");
    }

    /** Whether anybody says whose a credential is: the userinfo endpoint, or the ID token. */
    private static boolean isKnown(Trial trial) {
        return Operation.PROFILE.appliesTo(trial)
                || (trial.server().isOpenIdProvider() && trial.known().scopes().contains("openid"));
    }

    private static void profile(Trial trial) {
        Credential credential = trial.credential();
        Profile told = trial.get("profile()", () -> trial.provider().profile(credential, trial.context()));
        // As Cardea does it, which has validated the ID token before.
        Profile profile = credential
                .idTokenClaims()
                .map(claims -> told.or(new Profile(claims.text("sub"), claims.text("email"))))
                .orElse(told);
        trial.require(
                profile.subject().equals(Optional.of(trial.server().subject())),
                "profile() tells "
                        + profile.subject()
                                .map(subject -> "the subject " + subject)
                                .orElse("no subject")
                        + ", and the account's stable identifier is "
                        + trial.server().subject() + ". Cardea could not"
                        + " tell one person from another: read it in profile(...).");
        trial.require(
                profile.account().equals(Optional.of(trial.server().account())),
                "profile() tells "
                        + profile.account()
                                .map(account -> "the account " + account)
                                .orElse("no account")
                        + ", and the person knows it as " + trial.server().account() + ". Nobody could tell two"
                        + " connections apart: read it in profile(...).");
    }

    private static void profileOfDead(Trial trial) {
        Credential credential = trial.credential();
        trial.server().person().withdrawsConsent();
        int before = trial.server().requests().size();
        Outcome<Profile> outcome = trial.outcome(() -> trial.provider().profile(credential, trial.context()));
        Operation.PROFILE.requireAsked(trial, before, outcome);
        trial.require(
                outcome.refusal().isPresent(),
                "The server refused the access token, and profile() " + outcome.words()
                        + ". An error page would be taken"
                        + " for a person: look at the status before reading the answer, and fail the stage with a"
                        + " ProviderException.");
    }
}
