package io.cardea.provider.gitlab;

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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GitlabProviderTest {

    private static final GitlabProvider REGISTERED =
            new GitlabProvider(Map.of("client_id", "the-client", "client_secret", "the-secret"));

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract() {
        return ProviderContract.of(GitlabProvider::new)
                .against(GitlabServer::new)
                .tests();
    }

    private static Trial trial() {
        return Trial.of(GitlabProvider::new, new GitlabServer());
    }

    private static ServerMetadata metadata(GitlabProvider provider) {
        try (Trial trial = trial()) {
            return trial.get("metadata()", () -> provider.metadata(trial.context()));
        }
    }

    private static ServerMetadata of(String url) {
        return new ServerMetadata(
                Optional.of(url),
                Optional.of(URI.create(url + "/oauth/authorize")),
                Optional.of(URI.create(url + "/oauth/token")),
                Optional.of(URI.create(url + "/oauth/revoke")),
                Optional.of(URI.create(url + "/oauth/userinfo")),
                Optional.of(URI.create(url + "/oauth/authorize_device")),
                Optional.of(URI.create(url + "/oauth/discovery/keys")),
                false);
    }

    private static Trial.Login asking(Trial.Login login, String... scopes) {
        AuthorizationRequest usual = login.request();
        return new Trial.Login(
                new AuthorizationRequest(
                        usual.state(), usual.redirectUri(), List.of(scopes), usual.codeChallenge(), usual.nonce()),
                login.verifier());
    }

    @Test
    void it_is_listed_as_gitlab_with_what_it_can_do() {
        assertThat(REGISTERED.info().name()).isEqualTo("gitlab");
        assertThat(REGISTERED.info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.DEVICE_CODE);
        assertThat(REGISTERED.info().supportsPkce()).isTrue();
        assertThat(REGISTERED.info().supportsRevocation()).isTrue();
        assertThat(REGISTERED.info().unavailable()).isEmpty();
    }

    @Test
    void until_it_is_registered_it_says_what_to_set() {
        assertThat(new GitlabProvider(Map.of()).info().unavailable())
                .hasValueSatisfying(
                        why -> assertThat(why)
                                .startsWith(
                                        "Not configured: set client_id and client_secret in deploy/io.cardea.provider.gitlab.cfg"));
    }

    @Test
    void its_endpoints_are_those_of_gitlab_com_until_a_server_is_named() {
        assertThat(metadata(REGISTERED)).isEqualTo(of("https://gitlab.com"));
        assertThat(metadata(new GitlabProvider(Map.of("issuer", "https://git.example.org:8443/gitlab"))))
                .isEqualTo(of("https://git.example.org:8443/gitlab"));
    }

    @Test
    void a_server_that_is_no_url_is_told_by_its_key_and_the_provider_is_listed_all_the_same() {
        GitlabProvider provider = new GitlabProvider(Map.of("issuer", "git.example.org"));

        assertThat(provider.info().unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("issuer must be an absolute https URL"));
        assertThat(metadata(provider)).isEqualTo(of("https://gitlab.com"));
    }

    @Test
    void each_endpoint_may_be_elsewhere() {
        assertThat(metadata(new GitlabProvider(Map.of("token_endpoint", "https://tokens.example/")))
                        .tokenEndpoint())
                .hasValue(URI.create("https://tokens.example/"));
    }

    @Test
    void a_refresh_token_that_comes_again_ends_the_grant() {
        try (Trial trial = trial()) {
            Credential first = trial.credential();
            Credential second = trial.get("refresh()", () -> trial.provider().refresh(first, trial.context()));

            assertThat(trial.error("refresh()", () -> trial.provider().refresh(first, trial.context())))
                    .isEqualTo("invalid_grant");
            assertThat(trial.error("refresh()", () -> trial.provider().refresh(second, trial.context())))
                    .isEqualTo("invalid_grant");
        }
    }

    @Test
    void an_answer_that_says_when_it_was_made_ends_two_hours_from_now() {
        try (Trial trial = trial()) {
            assertThat(trial.credential().expiresAt().orElseThrow())
                    .isBetween(
                            Instant.now().plus(Duration.ofMinutes(119)),
                            Instant.now().plus(Duration.ofMinutes(121)));
        }
    }

    @Test
    void a_token_is_revoked_by_its_application_alone() {
        try (Trial trial = Trial.of(GitlabProviderTest::withAnotherSecret, new GitlabServer())) {
            assertThat(trial.error(
                            "revoke()", () -> trial.provider().revoke(Credential.bearer("a-token"), trial.context())))
                    .isEqualTo("unauthorized_client");
        }
    }

    private static GitlabProvider withAnotherSecret(Map<String, Object> configuration) {
        Map<String, Object> changed = new HashMap<>(configuration);
        changed.put("client_secret", "another");
        return new GitlabProvider(changed);
    }

    @Test
    void whoever_does_not_tell_the_e_mail_address_is_known_by_the_user_name() {
        try (Trial trial = trial()) {
            Credential whole = trial.credential();
            assertThat(trial.get("profile()", () -> trial.provider().profile(whole, trial.context())))
                    .isEqualTo(new Profile(Optional.of("1815"), Optional.of("ada@acme.example"))
                            .withEmail(Optional.of("ada@acme.example")));

            AuthorizationCode code = trial.approved(asking(trial.login(), "openid", "profile"));
            Credential credential =
                    trial.get("exchange()", () -> trial.provider().exchange(code, trial.context()));
            assertThat(trial.get("profile()", () -> trial.provider().profile(credential, trial.context())))
                    .isEqualTo(new Profile(Optional.of("1815"), Optional.of("ada")));
        }
    }

    @Test
    void a_scope_that_the_application_does_not_have_is_refused() {
        try (Trial trial = trial()) {
            Trial.Login login = asking(trial.login(), "openid", "api");
            trial.server().register(login.request().redirectUri());
            String url = trial.get(
                    "authorizationUrl()", () -> trial.provider().authorizationUrl(login.request(), trial.context()));

            assertThat(trial.server().open(url).parameter("error")).contains("invalid_scope");
            assertThat(trial.error(
                            "authorizeDevice()",
                            () -> trial.provider().authorizeDevice(List.of("api"), trial.context())))
                    .isEqualTo("invalid_scope");
        }
    }

    @Test
    void a_device_has_five_minutes() {
        try (Trial trial = trial()) {
            DeviceAuthorization device =
                    trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context()));
            assertThat(device.verificationUriComplete()).isPresent();
            assertThat(device.expiresAt())
                    .isBetween(Instant.now().plusSeconds(280), Instant.now().plusSeconds(310));
        }
    }
}
