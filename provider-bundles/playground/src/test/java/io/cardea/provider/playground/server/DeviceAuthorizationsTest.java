package io.cardea.provider.playground.server;

import static io.cardea.provider.playground.server.TestServer.ADA;
import static io.cardea.provider.playground.server.TestServer.error;
import static io.cardea.provider.playground.server.TestServer.refreshRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceAuthorizationsTest {

    private final TestServer test = new TestServer();
    private final DeviceAuthorizations devices = test.server.devices();
    private final Map<String, Object> begun = devices.begin(test.cardea, Parameters.of(Map.of("scope", "email")));
    private final String userCode = (String) begun.get("user_code");
    private final Map<String, String> poll =
            Map.of("grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", (String)
                    begun.get("device_code"));

    private boolean approve() {
        return devices.approve(userCode, ADA, test.clock.instant());
    }

    @Test
    void a_device_gets_its_codes_and_the_address_of_the_page() {
        assertThat(userCode).matches("[B-Z]{4}-[B-Z]{4}");
        assertThat(begun)
                .containsEntry("verification_uri", TestServer.ISSUER + "/device")
                .containsEntry("verification_uri_complete", TestServer.ISSUER + "/device?user_code=" + userCode)
                .containsEntry("expires_in", 600L)
                .containsEntry("interval", 5L);
    }

    @Test
    void polling_is_pending_until_the_person_approves() {
        assertThat(test.error(poll)).isEqualTo("authorization_pending");
        assertThat(approve()).isTrue();
        test.clock.pass(Duration.ofSeconds(5));

        Map<String, Object> answer = test.token(poll);

        assertThat(answer).containsEntry("scope", "email");
        assertThat(test.works(answer)).isTrue();
    }

    @Test
    void polling_too_fast_is_told_to_slow_down_and_must_wait_longer_from_then_on() {
        assertThat(test.error(poll)).isEqualTo("authorization_pending");
        test.clock.pass(Duration.ofSeconds(4));
        assertThat(test.error(poll)).isEqualTo("slow_down");
        test.clock.pass(Duration.ofSeconds(9));
        assertThat(test.error(poll)).isEqualTo("slow_down");
        test.clock.pass(Duration.ofSeconds(15));
        assertThat(test.error(poll)).isEqualTo("authorization_pending");
        test.clock.pass(Duration.ofSeconds(14));
        assertThat(test.error(poll)).isEqualTo("slow_down");
    }

    @Test
    void a_denied_device_is_told_so() {
        assertThat(devices.deny(userCode)).isTrue();
        assertThat(test.error(poll)).isEqualTo("access_denied");
    }

    @Test
    void codes_expire_after_ten_minutes() {
        test.clock.pass(Duration.ofMinutes(10));

        assertThat(devices.question(userCode)).isEmpty();
        assertThat(approve()).isFalse();
        assertThat(test.error(poll)).isEqualTo("expired_token");
    }

    @Test
    void an_approval_that_is_not_fetched_expires_too() {
        approve();
        test.clock.pass(Duration.ofMinutes(10));
        assertThat(test.error(poll)).isEqualTo("expired_token");
    }

    @Test
    void a_device_code_of_another_client_is_refused() {
        approve();
        assertThat(error(() -> test.server.token().token(test.other, Parameters.of(poll))))
                .isEqualTo("invalid_grant");
    }

    @Test
    void a_reused_device_code_is_refused_and_ends_the_grant() {
        approve();
        Map<String, Object> answer = test.token(poll);

        assertThat(test.error(poll)).isEqualTo("invalid_grant");

        assertThat(test.works(answer)).isFalse();
        assertThat(test.error(refreshRequest(answer))).isEqualTo("invalid_grant");
    }

    @Test
    void a_decision_stands() {
        assertThat(devices.deny(userCode)).isTrue();
        assertThat(approve()).isFalse();
        assertThat(test.error(poll)).isEqualTo("access_denied");
    }

    @Test
    void a_user_code_is_found_however_it_is_written() {
        String sloppy = " " + userCode.replace("-", " ").toLowerCase(Locale.ROOT);
        assertThat(devices.question(sloppy)).hasValueSatisfying(question -> {
            assertThat(question.userCode()).isEqualTo(userCode);
            assertThat(question.scopes()).containsExactly("email");
        });
        assertThat(devices.question("BCDF-GHJK")).isEmpty();
        assertThat(devices.question("")).isEmpty();
    }

    @Test
    void an_unknown_scope_is_refused() {
        assertThat(error(() -> devices.begin(test.cardea, Parameters.of(Map.of("scope", "admin")))))
                .isEqualTo("invalid_scope");
    }
}
