package io.cardea.provider.testkit;

import io.cardea.core.oidc.IdTokens.Expectation;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.Trial.Login;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A login with an authorization code, from the browser to the credential. */
final class CodeLoginChecks {

    private static final Duration SLACK = Duration.ofSeconds(30);
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,40}");

    private CodeLoginChecks() {}

    static List<Check> all() {
        return List.of(
                Check.of(
                        "a login in the browser goes all the way",
                        trial -> trial.has(Flow.AUTHORIZATION_CODE),
                        trial -> login(trial, trial.ownRedirectUri())),
                Check.of(
                        "a login whose code is pasted goes all the way",
                        trial -> trial.has(Flow.MANUAL_CODE),
                        trial -> login(trial, trial.manualRedirectUri())),
                Check.of(
                        "a login brings an ID token that Cardea accepts",
                        trial -> trial.hasCodes()
                                && trial.server().isOpenIdProvider()
                                && trial.known().scopes().contains("openid"),
                        CodeLoginChecks::idToken),
                Check.of("a code is exchanged by one request, once", Trial::hasCodes, CodeLoginChecks::once),
                Check.of("a refused code fails with the server's error", Trial::hasCodes, CodeLoginChecks::refused));
    }

    private static Credential exchanged(Trial trial, AuthorizationCode code) {
        return trial.get("exchange()", () -> trial.provider().exchange(code, trial.context()));
    }

    private static void login(Trial trial, String redirectUri) {
        requireGranted(trial, exchanged(trial, trial.approved(trial.login(redirectUri))), "exchange()");
    }

    /** Whether it is what the server granted last. */
    static void requireGranted(Trial trial, Credential credential, String method) {
        trial.require(
                trial.server().accepts(credential.accessToken()),
                method + " brought an access token that the server did not give out. Nobody could use it: read"
                        + " access_token of the answer, in credential(...) or by token_field.access_token.");
        trial.require(
                credential.refreshToken().isPresent() == trial.server().grantsRefreshTokens()
                        && credential
                                .refreshToken()
                                .map(trial.server()::acceptsRefreshToken)
                                .orElse(true),
                method + " brought " + (credential.refreshToken().isPresent() ? "a" : "no")
                        + " refresh token, other than"
                        + " the server did. The connection could not be refreshed: read refresh_token of the answer in"
                        + " credential(...).");
        List<String> granted = trial.server().lastGrant().orElseThrow().scopes();
        trial.require(
                credential.scopes().isEmpty() || Set.copyOf(credential.scopes()).equals(Set.copyOf(granted)),
                method + " brought the scopes " + credential.scopes() + ", and the server granted " + granted
                        + ". What a"
                        + " connection may do would be shown wrongly: split scope as the service separates it, in"
                        + " credential(...) or by scope_separator.");
        requireEnd(trial, credential, method);
    }

    private static void requireEnd(Trial trial, Credential credential, String method) {
        Optional<Duration> lifetime = trial.server().lifetime();
        if (lifetime.isEmpty()) {
            return;
        }
        Instant end = trial.context().clock().instant().plus(lifetime.get());
        trial.require(
                credential
                        .expiresAt()
                        .filter(said -> Duration.between(said, end).abs().compareTo(SLACK) < 0)
                        .isPresent(),
                method + " brought an access token that ends at "
                        + credential.expiresAt().map(Instant::toString).orElse("no time that it says")
                        + ", and the server said " + lifetime.get().toSeconds()
                        + " seconds from now. Cardea would refresh"
                        + " it too late or too often: read expires_in in credential(...), or set expires_unit.");
    }

    private static void idToken(Trial trial) {
        Login login = trial.login();
        Credential credential = exchanged(trial, trial.approved(login));
        ServerMetadata metadata = trial.get("metadata()", () -> trial.provider().metadata(trial.context()));
        Expectation expected = Expectation.of(
                        metadata,
                        trial.provider().idTokenIssuers(),
                        trial.known().clientId(),
                        trial.provider().idTokenSignedResponseAlg(),
                        Optional.of(login.request().nonce()))
                .orElseThrow(
                        () -> trial.failed("openid is among the scopes of info(), but metadata() has no issuer or no"
                                + " jwks_uri. Then no ID token can be validated: say both in metadata()."));
        Outcome<?> outcome = trial.outcome(() -> new io.cardea.core.oidc.IdTokens(
                        trial.context()::send, trial.context().clock())
                .validate(credential, expected));
        trial.require(
                outcome.value().isPresent(),
                "Cardea's validation of the credential's ID token " + outcome.words() + ". The login would be refused:"
                        + " hand on id_token of the answer unchanged in credential(...), and send the nonce.");
    }

    private static void once(Trial trial) {
        AuthorizationCode code = trial.approved(trial.login());
        exchanged(trial, code);
        long requests = trial.server().requests().stream()
                .filter(request -> request.body().contains(code.code()))
                .count();
        trial.require(
                requests == 1,
                "exchange() sent the code " + requests + " times. A code that comes twice is taken for stolen, and its"
                        + " tokens die (RFC 6749, section 4.1.2): send it once, whatever the answer.");
    }

    private static void refused(Trial trial) {
        AuthorizationCode code = trial.login().with("code-that-nobody-gave-out");
        Outcome<Credential> outcome = trial.outcome(() -> trial.provider().exchange(code, trial.context()));
        requireServersError(trial, outcome, "exchange()", "a code that it does not know");
    }

    /** Whether a stage failed with what the server said last. */
    static void requireServersError(Trial trial, Outcome<?> outcome, String method, String what) {
        List<ReceivedRequest> requests = trial.server().requests();
        String said = requests.isEmpty()
                ? "nothing"
                : requests.get(requests.size() - 1)
                        .refusal()
                        .map(Refusal::error)
                        .orElse("nothing");
        String wanted = ERROR_CODE.matcher(said).matches() ? said : "provider_error";
        trial.require(
                outcome.refusal().filter(told -> wanted.equals(told.error())).isPresent(),
                "The server refused " + what + " with the error " + said + ", and " + method + " " + outcome.words()
                        + ". Cardea decides by the error what to do next: fail the stage with a ProviderException whose"
                        + " error() is " + wanted + ".");
    }
}
