package io.cardea.provider.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.ProviderContract;
import io.cardea.provider.testkit.ReceivedRequest;
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

class GoogleProviderTest {

    private static final GoogleProvider REGISTERED =
            new GoogleProvider(Map.of("client_id", "the-client", "client_secret", "the-secret"));

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract() {
        return ProviderContract.of(GoogleProvider::new)
                .against(GoogleServer::new)
                .tests();
    }

    private static Trial trial() {
        return Trial.of(GoogleProvider::new, new GoogleServer());
    }

    @Test
    void it_is_listed_as_google_with_what_it_can_do() {
        assertThat(REGISTERED.info().name()).isEqualTo("google");
        assertThat(REGISTERED.info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.DEVICE_CODE);
        assertThat(REGISTERED.info().supportsPkce()).isTrue();
        assertThat(REGISTERED.info().supportsRevocation()).isTrue();
        assertThat(REGISTERED.info().unavailable()).isEmpty();
    }

    @Test
    void without_a_secret_it_is_not_configured_even_as_an_installed_app() {
        assertThat(new GoogleProvider(Map.of()).info().unavailable())
                .hasValueSatisfying(
                        why -> assertThat(why)
                                .startsWith(
                                        "Not configured: set client_id and client_secret in deploy/io.cardea.provider.google.cfg"));
        assertThat(new GoogleProvider(Map.of("client_id", "the-client")).info().unavailable())
                .hasValueSatisfying(why -> assertThat(why).startsWith("Not configured: set client_secret in "));
    }

    @Test
    void its_endpoints_are_googles_until_others_are_configured() {
        try (Trial trial = trial()) {
            assertThat(trial.get("metadata()", () -> REGISTERED.metadata(trial.context())))
                    .isEqualTo(new ServerMetadata(
                            Optional.of("https://accounts.google.com"),
                            Optional.of(URI.create("https://accounts.google.com/o/oauth2/v2/auth")),
                            Optional.of(URI.create("https://oauth2.googleapis.com/token")),
                            Optional.of(URI.create("https://oauth2.googleapis.com/revoke")),
                            Optional.of(URI.create("https://openidconnect.googleapis.com/v1/userinfo")),
                            Optional.of(URI.create("https://oauth2.googleapis.com/device/code")),
                            Optional.of(URI.create("https://www.googleapis.com/oauth2/v3/certs")),
                            false));
        }
    }

    @Test
    void whoever_has_consented_before_is_asked_again_so_that_there_is_a_refresh_token() {
        try (Trial trial = trial()) {
            assertThat(trial.credential().refreshToken()).isPresent();
            assertThat(trial.server().requests("authorization_endpoint").get(0).query())
                    .containsEntry("access_type", "offline")
                    .containsEntry("prompt", "consent");
        }
        try (Trial trial = Trial.of(GoogleProviderTest::withoutConsent, new GoogleServer())) {
            assertThat(trial.credential().refreshToken()).isEmpty();
        }
    }

    private static GoogleProvider withoutConsent(Map<String, Object> configuration) {
        Map<String, Object> changed = new HashMap<>(configuration);
        changed.put("authorization_parameter.prompt", "select_account");
        return new GoogleProvider(changed);
    }

    @Test
    void a_refresh_token_is_good_again_and_again_and_never_comes_back() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            for (int i = 0; i < 2; i++) {
                Credential next = trial.get("refresh()", () -> trial.provider().refresh(credential, trial.context()));
                assertThat(next.refreshToken()).isEmpty();
                assertThat(trial.server().accepts(next.accessToken())).isTrue();
            }
        }
    }

    @Test
    void scopes_that_are_granted_by_their_url_are_those_that_were_asked_for() {
        String drive = "https://www.googleapis.com/auth/drive.file";
        try (Trial trial = trial()) {
            Trial.Login login = trial.login();
            AuthorizationRequest usual = login.request();
            AuthorizationCode code = trial.approved(new Trial.Login(
                    new AuthorizationRequest(
                            usual.state(),
                            usual.redirectUri(),
                            List.of("openid", "email", "profile", drive),
                            usual.codeChallenge(),
                            usual.nonce()),
                    login.verifier()));

            assertThat(trial.get("exchange()", () -> trial.provider().exchange(code, trial.context()))
                            .scopes())
                    .containsExactly("openid", "email", "profile", drive);
        }
    }

    private static DeviceAuthorization device(Trial trial) {
        return trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context()));
    }

    private static void assertPolled(Trial trial, DeviceAuthorization device, String error, int status) {
        assertThat(trial.error("pollDevice()", () -> trial.provider().pollDevice(device, trial.context())))
                .isEqualTo(error);
        List<ReceivedRequest> requests = trial.server().requests("token_endpoint");
        assertThat(requests.get(requests.size() - 1)).asString().contains("was answered " + status);
    }

    @Test
    void a_device_is_told_a_verification_url_and_is_answered_with_statuses_of_googles_own() {
        try (Trial trial = trial()) {
            DeviceAuthorization device = device(trial);
            assertThat(device.verificationUri()).isEqualTo(trial.server().url() + "/device");
            assertThat(device.verificationUriComplete()).isEmpty();

            assertPolled(trial, device, "authorization_pending", 428);
            trial.server().faults().findNextPollTooFast();
            assertPolled(trial, device, "slow_down", 403);
            trial.server().person().approvesDevice(device.userCode());
            assertThat(trial.get("pollDevice()", () -> trial.provider().pollDevice(device, trial.context()))
                            .refreshToken())
                    .isPresent();
        }
        try (Trial trial = trial()) {
            DeviceAuthorization device = device(trial);
            trial.server().person().deniesDevice(device.userCode());
            assertPolled(trial, device, "access_denied", 403);
        }
    }

    @Test
    void a_device_may_not_have_every_scope() {
        try (Trial trial = trial()) {
            assertThat(trial.error(
                            "authorizeDevice()",
                            () -> trial.provider()
                                    .authorizeDevice(List.of("https://mail.google.com/"), trial.context())))
                    .isEqualTo("invalid_scope");
        }
    }

    @Test
    void a_token_that_google_says_is_not_good_is_revoked() {
        try (Trial trial = trial()) {
            Credential dead = Credential.bearer("dead");
            trial.done("revoke()", () -> trial.provider().revoke(dead, trial.context()));
            assertThat(trial.server().requests("revocation_endpoint").get(0))
                    .asString()
                    .contains("was answered 400", "(invalid_token)");
        }
    }
}
