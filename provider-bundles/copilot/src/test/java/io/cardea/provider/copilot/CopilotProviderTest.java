package io.cardea.provider.copilot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.Answer;
import io.cardea.provider.testkit.ProviderContract;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Trial;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopilotProviderTest {

    private static final CopilotProvider CONFIGURED = new CopilotProvider(Map.of("client_id", "the-client"));

    private final CopilotServer server = new CopilotServer();

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract() {
        return ProviderContract.of(CopilotProvider::new)
                .against(CopilotServer::new)
                .tests();
    }

    private Trial trial() {
        return Trial.of(CopilotProvider::new, server);
    }

    private static Credential refreshed(Trial trial, Credential before) {
        return trial.get("refresh()", () -> trial.provider().refresh(before, trial.context()));
    }

    private static String refusal(Trial trial, Credential before) {
        return trial.error("refresh()", () -> trial.provider().refresh(before, trial.context()));
    }

    @Test
    void it_is_listed_as_copilot_for_devices_alone() {
        assertThat(CONFIGURED.info().name()).isEqualTo("copilot");
        assertThat(CONFIGURED.info().flows()).containsExactly(Flow.DEVICE_CODE);
        assertThat(CONFIGURED.info().scopes()).containsExactly("read:user");
        assertThat(CONFIGURED.info().supportsPkce()).isFalse();
        assertThat(CONFIGURED.info().supportsRefresh()).isTrue();
        assertThat(CONFIGURED.info().supportsRevocation()).isFalse();
        assertThat(CONFIGURED.info().unavailable()).isEmpty();
    }

    @Test
    void until_a_client_is_chosen_it_says_what_to_set() {
        assertThat(new CopilotProvider(Map.of()).info().unavailable())
                .hasValue("Not configured: set client_id in deploy/io.cardea.provider.copilot.cfg");
    }

    @Test
    void its_endpoints_are_githubs_until_others_are_configured() {
        try (Trial trial = Trial.of(configuration -> CONFIGURED, server)) {
            assertThat(trial.get("metadata()", () -> CONFIGURED.metadata(trial.context())))
                    .isEqualTo(new ServerMetadata(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(URI.create("https://github.com/login/oauth/access_token")),
                            Optional.empty(),
                            Optional.of(URI.create("https://api.github.com/user")),
                            Optional.of(URI.create("https://github.com/login/device/code")),
                            Optional.empty(),
                            false));
        }
    }

    @Test
    void a_login_brings_a_token_for_copilot_and_keeps_githubs_to_refresh_it_by() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            assertThat(server.accepts(credential.accessToken())).isTrue();
            assertThat(server.acceptsRefreshToken(credential.refreshToken().orElseThrow()))
                    .isTrue();
            assertThat(credential.expiresAt().orElseThrow())
                    .isBetween(Instant.now().plusSeconds(1700), Instant.now().plusSeconds(1900));
            assertThat(credential.attributes())
                    .containsOnly(entry("api_endpoint", CopilotServer.API), entry("sku", CopilotServer.SKU));
        }
    }

    @Test
    void a_person_who_has_not_entered_the_code_is_waited_for() {
        try (Trial trial = trial()) {
            DeviceAuthorization device =
                    trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context()));
            assertThat(trial.error("pollDevice()", () -> trial.provider().pollDevice(device, trial.context())))
                    .isEqualTo("authorization_pending");
            List<ReceivedRequest> polls = server.requests("token_endpoint");
            assertThat(polls.get(0).toString()).contains("was answered 200");
        }
    }

    @Test
    void a_refresh_is_the_exchange_once_more() {
        try (Trial trial = trial()) {
            Credential before = trial.credential();
            Credential after = refreshed(trial, before);
            assertThat(after.accessToken()).isNotEqualTo(before.accessToken());
            assertThat(after.refreshToken()).isEmpty();
            ReceivedRequest exchange = server.requests().get(server.requests().size() - 1);
            assertThat(exchange.toString()).isEqualTo("GET /copilot_internal/v2/token was answered 200");
            assertThat(exchange.header("Authorization"))
                    .hasValue("Bearer " + before.refreshToken().orElseThrow());
        }
    }

    @Test
    void a_login_that_was_taken_over_is_refreshed() {
        try (Trial trial = trial()) {
            String github = trial.credential().refreshToken().orElseThrow();
            // As the import stores one.
            Credential imported =
                    Credential.bearer(github).withExpiresAt(Instant.now()).withRefreshToken(github);
            assertThat(server.accepts(refreshed(trial, imported).accessToken())).isTrue();
        }
    }

    @Test
    void a_token_that_github_no_longer_knows_ends_the_connection() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            server.person().withdrawsConsent();
            assertThat(refusal(trial, credential)).isEqualTo("invalid_grant");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403,no_copilot_access,provider_error",
        "403,subscription_ended,provider_error",
        "404,not_found,provider_error",
        "429,rate_limited,temporarily_unavailable",
        "500,oops,provider_error",
        "503,unavailable,temporarily_unavailable"
    })
    void anything_else_that_the_exchange_refuses_for_passes(int status, String why, String error) {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            server.exchangesFor(
                    Answer.json(status, Map.of("message", why, "error_details", Map.of("notification_id", why))));
            assertThat(refusal(trial, credential)).isEqualTo(error);
        }
    }

    @Test
    void an_answer_without_a_token_is_none() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            server.exchangesFor(Answer.json(200, Map.of("expires_at", 4_102_444_800L)));
            assertThat(refusal(trial, credential)).isEqualTo("provider_error");
        }
    }

    @Test
    void what_copilot_does_not_tell_is_left_out() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            server.exchangesFor(Answer.json(200, Map.of("token", "tid=1;exp=2:mac", "expires_at", 0)));
            Credential next = refreshed(trial, credential);
            assertThat(next.accessToken()).isEqualTo("tid=1;exp=2:mac");
            assertThat(next.attributes()).isEmpty();
        }
    }

    @Test
    void whoever_has_no_copilot_cannot_log_in() {
        server.exchangesFor(Answer.json(403, Map.of("message", "no_copilot_access")));
        try (Trial trial = trial()) {
            DeviceAuthorization device =
                    trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context()));
            server.person().approvesDevice(device.userCode());
            assertThat(trial.error("pollDevice()", () -> trial.provider().pollDevice(device, trial.context())))
                    .isEqualTo("provider_error");
        }
    }

    @Test
    void the_profile_is_githubs_user_with_copilots_plan() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            assertThat(trial.get("profile()", () -> trial.provider().profile(credential, trial.context())))
                    .isEqualTo(new Profile(
                            Optional.of("1815"),
                            Optional.of("ada"),
                            Optional.of("ada@example.org"),
                            Optional.of(CopilotServer.SKU)));
        }
    }
}
