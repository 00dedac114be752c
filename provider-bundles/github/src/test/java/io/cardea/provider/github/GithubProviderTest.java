package io.cardea.provider.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.ProviderContract;
import io.cardea.provider.testkit.Trial;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GithubProviderTest {

    private static final GithubProvider REGISTERED =
            new GithubProvider(Map.of("client_id", "the-client", "client_secret", "the-secret"));

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract_for_an_oauth_app() {
        return ProviderContract.of(GithubProvider::new)
                .against(GithubServer::ofOauthApp)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract_for_a_github_app() {
        return ProviderContract.of(GithubProvider::new)
                .against(GithubServer::ofGithubApp)
                .tests();
    }

    @Test
    void it_is_listed_as_github_with_what_it_can_do() {
        assertThat(REGISTERED.info().name()).isEqualTo("github");
        assertThat(REGISTERED.info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.DEVICE_CODE);
        assertThat(REGISTERED.info().supportsPkce()).isTrue();
        assertThat(REGISTERED.info().supportsRevocation()).isTrue();
        assertThat(REGISTERED.info().unavailable()).isEmpty();
    }

    @Test
    void until_it_is_registered_it_says_what_to_set() {
        assertThat(new GithubProvider(Map.of()).info().unavailable())
                .hasValue(
                        "Not configured: set client_id and client_secret in deploy/io.cardea.provider.github.cfg, best as client_secret = $[secret:github] with the secret itself in the file conf/secrets/github");
        assertThat(new GithubProvider(Map.of("client_id", "the-client")).info().unavailable())
                .hasValue(
                        "Not configured: set client_secret in deploy/io.cardea.provider.github.cfg, best as client_secret = $[secret:github] with the secret itself in the file conf/secrets/github");
    }

    @Test
    void its_endpoints_are_githubs_until_others_are_configured() {
        try (Trial trial = Trial.of(configuration -> REGISTERED, GithubServer.ofOauthApp())) {
            assertThat(trial.get("metadata()", () -> REGISTERED.metadata(trial.context())))
                    .isEqualTo(new ServerMetadata(
                            Optional.empty(),
                            Optional.of(URI.create("https://github.com/login/oauth/authorize")),
                            Optional.of(URI.create("https://github.com/login/oauth/access_token")),
                            Optional.of(URI.create("https://api.github.com/applications/the-client/grant")),
                            Optional.of(URI.create("https://api.github.com/user")),
                            Optional.of(URI.create("https://github.com/login/device/code")),
                            Optional.empty(),
                            false));
        }
    }

    @Test
    void scopes_are_asked_for_with_spaces_and_granted_with_commas() {
        try (Trial trial = Trial.of(GithubProvider::new, GithubServer.ofOauthApp())) {
            assertThat(granted(trial, "repo", "gist").scopes()).containsExactly("repo", "gist");
        }
    }

    private static Credential granted(Trial trial, String... scopes) {
        Trial.Login login = trial.login();
        AuthorizationRequest usual = login.request();
        AuthorizationRequest asking = new AuthorizationRequest(
                usual.state(), usual.redirectUri(), List.of(scopes), usual.codeChallenge(), usual.nonce());
        AuthorizationCode code = trial.approved(new Trial.Login(asking, login.verifier()));
        return trial.get("exchange()", () -> trial.provider().exchange(code, trial.context()));
    }

    @Test
    void the_profile_tells_e_mail_and_plan_where_github_does() {
        try (Trial trial = Trial.of(GithubProvider::new, GithubServer.ofOauthApp())) {
            Credential all = granted(trial, "user");
            assertThat(trial.get("profile()", () -> trial.provider().profile(all, trial.context())))
                    .isEqualTo(new Profile(
                            Optional.of("1815"),
                            Optional.of("ada"),
                            Optional.of("ada@example.org"),
                            Optional.of("pro")));
            Credential little = granted(trial);
            assertThat(trial.get("profile()", () -> trial.provider().profile(little, trial.context())))
                    .isEqualTo(new Profile(Optional.of("1815"), Optional.of("ada")));
        }
    }

    @Test
    void a_device_is_polled_for_until_the_person_has_approved() {
        try (Trial trial = Trial.of(GithubProvider::new, GithubServer.ofGithubApp())) {
            DeviceAuthorization device = trial.get(
                    "authorizeDevice()", () -> trial.provider().authorizeDevice(List.of("repo"), trial.context()));
            assertThat(trial.error("pollDevice()", () -> trial.provider().pollDevice(device, trial.context())))
                    .isEqualTo("authorization_pending");
            trial.server().person().approvesDevice(device.userCode());
            Credential credential =
                    trial.get("pollDevice()", () -> trial.provider().pollDevice(device, trial.context()));
            assertThat(credential.scopes()).containsExactly("repo");
            assertThat(credential.refreshToken()).isPresent();
        }
    }

    @Test
    void revoking_deletes_the_grant_and_not_only_a_token() {
        try (Trial trial = Trial.of(GithubProvider::new, GithubServer.ofGithubApp())) {
            Credential credential = trial.credential();
            revoke(trial, credential);
            assertThat(trial.server().accepts(credential.accessToken())).isFalse();
            assertThat(trial.server()
                            .acceptsRefreshToken(credential.refreshToken().orElseThrow()))
                    .isFalse();
        }
    }

    @Test
    void a_grant_whose_access_token_has_ended_is_revoked_by_the_next_one() {
        GithubServer server = GithubServer.ofGithubApp();
        try (Trial trial = Trial.of(GithubProvider::new, server)) {
            Credential credential = trial.credential().withExpiresAt(Instant.EPOCH);
            server.endByAge(credential.accessToken());
            revoke(trial, credential);
            assertThat(server.lastGrant().orElseThrow().isAlive()).isFalse();

            // Nothing is left, and that is what was wanted.
            revoke(trial, credential);
        }
    }

    @Test
    void a_revocation_that_github_does_not_do_fails() {
        try (Trial trial = Trial.of(GithubProvider::new, GithubServer.ofGithubApp())) {
            Credential credential = trial.credential();
            GithubProvider stranger =
                    withAnotherSecret(Map.copyOf(trial.server().configuration()));
            assertThat(trial.error("revoke()", () -> stranger.revoke(credential, trial.context())))
                    .isEqualTo("provider_error");
            assertThat(trial.error(
                            "revoke()",
                            () -> stranger.revoke(credential.withExpiresAt(Instant.EPOCH), trial.context())))
                    .isEqualTo("invalid_client");
            assertThat(trial.server().accepts(credential.accessToken())).isTrue();
        }
    }

    private static void revoke(Trial trial, Credential credential) {
        trial.done("revoke()", () -> trial.provider().revoke(credential, trial.context()));
    }

    @Test
    void an_oauth_apps_token_does_not_expire() {
        try (Trial trial = Trial.of(GithubProvider::new, GithubServer.ofOauthApp())) {
            Credential credential = trial.credential();
            assertThat(credential.expiresAt()).isEmpty();
            assertThat(credential.refreshToken()).isEmpty();
            assertThat(credential.tokenType()).isEqualTo("bearer");
        }
    }

    @Test
    void an_app_that_github_does_not_know_is_told_so_in_the_terms_of_the_rfc() {
        try (Trial trial = Trial.of(GithubProviderTest::withAnotherSecret, GithubServer.ofGithubApp())) {
            AuthorizationCode code = trial.approved(trial.login());
            assertThat(trial.error("exchange()", () -> trial.provider().exchange(code, trial.context())))
                    .isEqualTo("invalid_client");
        }
    }

    private static GithubProvider withAnotherSecret(Map<String, Object> configuration) {
        Map<String, Object> changed = new HashMap<>(configuration);
        changed.put("client_secret", "another");
        return new GithubProvider(changed);
    }
}
