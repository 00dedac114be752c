package io.cardea.provider.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.ProviderContract;
import io.cardea.provider.testkit.Trial;
import java.net.URI;
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
        assertThat(REGISTERED.info().supportsRevocation()).isFalse();
        assertThat(REGISTERED.info().unavailable()).isEmpty();
    }

    @Test
    void until_it_is_registered_it_says_what_to_set() {
        assertThat(new GithubProvider(Map.of()).info().unavailable())
                .hasValue("Not configured: set client_id and client_secret in deploy/io.cardea.provider.github.cfg");
        assertThat(new GithubProvider(Map.of("client_id", "the-client")).info().unavailable())
                .hasValue("Not configured: set client_secret in deploy/io.cardea.provider.github.cfg");
    }

    @Test
    void its_endpoints_are_githubs_until_others_are_configured() {
        try (Trial trial = Trial.of(configuration -> REGISTERED, GithubServer.ofOauthApp())) {
            assertThat(trial.get("metadata()", () -> REGISTERED.metadata(trial.context())))
                    .isEqualTo(new ServerMetadata(
                            Optional.empty(),
                            Optional.of(URI.create("https://github.com/login/oauth/authorize")),
                            Optional.of(URI.create("https://github.com/login/oauth/access_token")),
                            Optional.empty(),
                            Optional.of(URI.create("https://api.github.com/user")),
                            Optional.of(URI.create("https://github.com/login/device/code")),
                            Optional.empty(),
                            false));
        }
    }

    @Test
    void scopes_are_asked_for_with_spaces_and_granted_with_commas() {
        try (Trial trial = Trial.of(GithubProvider::new, GithubServer.ofOauthApp())) {
            Trial.Login login = trial.login();
            AuthorizationRequest usual = login.request();
            AuthorizationCode code = trial.approved(new Trial.Login(
                    new AuthorizationRequest(
                            usual.state(),
                            usual.redirectUri(),
                            List.of("repo", "gist"),
                            usual.codeChallenge(),
                            usual.nonce()),
                    login.verifier()));

            assertThat(trial.get("exchange()", () -> trial.provider().exchange(code, trial.context()))
                            .scopes())
                    .containsExactly("repo", "gist");
        }
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
