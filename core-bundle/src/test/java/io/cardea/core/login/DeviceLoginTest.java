package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.LocalServer.Request;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.DeviceLogin;
import io.cardea.oauth.FlowStatus;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins on another device (RFC 8628). */
class DeviceLoginTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static final ConnectionKey KEY = new ConnectionKey("acme", "tv");

    private HostileSetup login;

    @BeforeEach
    void open() throws IOException {
        login = new HostileSetup(osgi.context());
    }

    @AfterEach
    void close() {
        login.assertNoSecretIn(log);
        login.close();
    }

    private DeviceLogin begin() {
        return await(login.flows.beginDevice(KEY, List.of()));
    }

    private State state(DeviceLogin device) {
        return login.flows.status(device.flow()).state();
    }

    private void assertEnds(DeviceLogin device, State how) {
        eventually(() -> state(device) != State.PENDING);
        assertThat(state(device)).isEqualTo(how);
        assertThat(login.timer.isIdle()).as("nobody is asked any more").isTrue();
    }

    private OAuthException assertFails(DeviceLogin device) {
        assertEnds(device, State.FAILED);
        login.assertNothingStored();
        return login.flows.status(device.flow()).failure().orElseThrow();
    }

    private Duration nextPoll() {
        return login.timer.next();
    }

    @Test
    void the_person_is_told_where_to_enter_what_and_until_when() {
        DeviceLogin device = begin();

        assertThat(device.userCode()).isEqualTo("WDJB-MJHT");
        assertThat(device.verificationUri()).isEqualTo("https://as.example/device");
        assertThat(device.verificationUriComplete()).isEmpty();
        assertThat(device.expiresAt()).isEqualTo(login.clock.instant().plusSeconds(600));
        assertThat(device.interval()).isEqualTo(7);
        assertThat(device.flow()).hasSizeGreaterThanOrEqualTo(22);
        assertThat(device.toString()).doesNotContain("WDJB", device.flow());
        assertThat(login.server.requests("/device").get(0).form())
                .containsEntry("scope", "openid email")
                .containsEntry("client_id", HostileServer.CLIENT);
    }

    @Test
    void it_is_pending_until_the_person_has_consented_and_then_complete() {
        login.server.refusingPolls("authorization_pending", "authorization_pending");
        DeviceLogin device = begin();
        for (int i = 0; i < 2; i++) {
            assertThat(nextPoll()).isEqualTo(Duration.ofSeconds(7));
            assertThat(state(device)).isEqualTo(State.PENDING);
        }
        nextPoll();

        assertEnds(device, State.COMPLETE);
        FlowStatus status = login.flows.status(device.flow());
        assertThat(status.key()).isEqualTo(KEY);
        assertThat(status.failure()).isEmpty();
        assertThat(login.setup.connections.list()).extracting(Connection::key).containsExactly(KEY);
        assertThat(login.setup.connections.list().get(0).subject()).hasValue(HostileServer.SUBJECT);
        assertThat(log.text()).doesNotContain("refused");
        assertThat(log.text().lines().filter(line -> line.contains("INFO")))
                .as("many polls are no news")
                .noneMatch(line -> line.contains("answered"));
        assertThat(login.server.requests("/token"))
                .extracting(Request::form)
                .allSatisfy(form -> assertThat(form).containsEntry("device_code", HostileServer.DEVICE_CODE))
                .hasSize(3);
    }

    @Test
    void a_server_that_wants_it_slower_is_asked_five_seconds_later_each_time() {
        login.server.refusingPolls("slow_down", "authorization_pending", "slow_down", "authorization_pending");
        begin();

        assertThat(List.of(nextPoll(), nextPoll(), nextPoll(), nextPoll(), nextPoll()))
                .extracting(Duration::toSeconds)
                .containsExactly(7L, 12L, 12L, 17L, 17L);
    }

    @Test
    void a_server_that_does_not_answer_well_is_asked_less_and_less_often() {
        DeviceLogin device = begin();
        login.server.answer("/token", Answer.json(503, ""));
        assertThat(List.of(nextPoll(), nextPoll(), nextPoll(), nextPoll(), nextPoll(), nextPoll()))
                .extracting(Duration::toSeconds)
                .containsExactly(7L, 14L, 28L, 56L, 60L, 60L);
        assertThat(state(device)).isEqualTo(State.PENDING);
    }

    @Test
    void a_server_that_does_not_answer_at_all_is_asked_less_often_too() {
        begin();
        login.server.hangAt("/token");
        login.setup.services.impatiently(() -> {
            nextPoll();

            assertThat(nextPoll()).isEqualTo(Duration.ofSeconds(14));
        });
    }

    @Test
    void a_server_that_wants_to_be_asked_rarely_is_not_asked_more_often_when_it_fails() {
        login.server.answer("/device", deviceAnswer("\"interval\":120"));
        begin();
        login.server.answer("/token", Answer.json(503, ""));
        assertThat(nextPoll()).isEqualTo(Duration.ofSeconds(120));

        assertThat(nextPoll()).isGreaterThanOrEqualTo(Duration.ofSeconds(120));
    }

    private static Answer deviceAnswer(String members) {
        return Answer.json(
                200,
                "{\"device_code\":\"the-device-code\",\"user_code\":\"WDJB-MJHT\","
                        + "\"verification_uri\":\"https://as.example/device\"," + members + "}");
    }

    @ParameterizedTest
    @CsvSource({"access_denied,DENIED", "expired_token,EXPIRED", "invalid_grant,FAILED", "invalid_client,FAILED"})
    void an_answer_that_is_final_ends_it(String error, State how) {
        login.server.refusingPolls("authorization_pending", error);
        DeviceLogin device = begin();
        nextPoll();
        nextPoll();

        assertEnds(device, how);
        login.assertNothingStored();
    }

    @Test
    void it_expires_though_the_server_goes_on_to_say_that_it_is_pending() {
        login.server.refusingPolls("authorization_pending", "authorization_pending");
        DeviceLogin device = begin();
        nextPoll();
        login.clock.pass(Duration.ofSeconds(600));
        assertThat(state(device)).isEqualTo(State.EXPIRED);
        nextPoll();

        assertEnds(device, State.EXPIRED);
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void a_token_that_comes_too_late_is_not_stored_for_the_person_was_told_that_it_expired() {
        login.server.tokenAnswer(answer -> login.clock.pass(Duration.ofSeconds(600)));
        DeviceLogin device = begin();
        nextPoll();
        eventually(() -> log.text().contains("This login took too long"));

        assertEnds(device, State.EXPIRED);
        login.assertNothingStored();
    }

    @Test
    void how_it_ended_is_known_for_a_while_and_then_nothing() {
        login.server.refusingPolls("access_denied");
        DeviceLogin device = begin();
        nextPoll();
        assertEnds(device, State.DENIED);
        login.clock.pass(Duration.ofMinutes(20));
        assertThat(state(device)).isEqualTo(State.DENIED);

        login.clock.pass(Duration.ofSeconds(1));
        assertThatThrownBy(() -> state(device))
                .isInstanceOfSatisfying(
                        OAuthException.class, gone -> assertThat(gone.error()).isEqualTo(OAuthError.UNKNOWN_FLOW));
    }

    @Test
    void a_provider_that_leaves_and_comes_back_in_time_completes_it() {
        DeviceLogin device = begin();
        login.withdraw();
        nextPoll();
        nextPoll();
        assertThat(state(device)).isEqualTo(State.PENDING);
        assertThat(login.server.requests("/token")).isEmpty();
        login.configure(Map.of("display_name", "Acme"));
        nextPoll();

        assertEnds(device, State.COMPLETE);
    }

    @Test
    void a_provider_that_comes_back_as_another_server_does_not_get_the_device_code() throws IOException {
        DeviceLogin device = begin();
        try (HostileServer other = new HostileServer(login.clock)) {
            login.configure(Map.of("issuer", other.issuer()));
            nextPoll();

            assertThat(assertFails(device).error()).isEqualTo(OAuthError.INVALID_REQUEST);
            assertThat(other.requests("/token")).isEmpty();
            assertThat(login.server.requests("/token")).isEmpty();
        }
    }

    @Test
    void a_provider_that_comes_back_as_another_client_does_not_use_the_device_code() {
        DeviceLogin device = begin();
        login.configure(Map.of("client_id", "another-client"));
        nextPoll();

        assertFails(device);
        assertThat(login.server.requests("/token")).isEmpty();
    }

    @Test
    void a_provider_without_device_login_says_so() {
        login.server.metadata("device_authorization_endpoint", null);

        assertThat(failure(login.flows.beginDevice(KEY, List.of()), OAuthError.INVALID_REQUEST))
                .hasMessage("This provider has no device login");
    }

    @Test
    void a_provider_that_is_not_here_or_not_configured_says_so() {
        failure(login.flows.beginDevice(new ConnectionKey("nobody", "x"), List.of()), OAuthError.UNKNOWN_PROVIDER);
        login.configure(Map.of("client_id", ""));

        failure(login.flows.beginDevice(KEY, List.of()), OAuthError.PROVIDER_UNAVAILABLE);
        assertThat(login.server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,x",
                "/device",
                "https:device",
                "file:///etc/passwd",
                "ftp://as.example/device",
                "app://as.example/device",
                "not a url",
                ""
            })
    void a_person_is_only_ever_sent_to_a_web_page(String uri) {
        login.server.answer(
                "/device",
                Answer.json(
                        200,
                        "{\"device_code\":\"the-device-code\",\"user_code\":\"A\",\"verification_uri\":\"" + uri
                                + "\"}"));
        failure(login.flows.beginDevice(KEY, List.of()), OAuthError.PROVIDER_ERROR);

        if (!uri.isEmpty()) {
            login.server.answer("/device", deviceAnswer("\"verification_uri_complete\":\"" + uri + "\""));
            failure(login.flows.beginDevice(KEY, List.of()), OAuthError.PROVIDER_ERROR);
        }
        assertThat(login.timer.isIdle()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"error\":\"invalid_scope\"}",
                "{\"user_code\":\"A\",\"verification_uri\":\"https://as.example/\"}",
                "{\"device_code\":\"the-device-code\",\"verification_uri\":\"https://as.example/\"}",
                "{\"device_code\":\"the-device-code\",\"user_code\":\"A\"}"
            })
    void what_is_no_device_authorization_is_a_provider_error(String body) {
        login.server.answer("/device", Answer.json(200, body));

        failure(login.flows.beginDevice(KEY, List.of()), OAuthError.PROVIDER_ERROR);
        assertThat(login.timer.isIdle()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0,1", "-5,1", "'\"never\"',5", "1.9,1", "'\"9\"',9", "null,5", "{},5"})
    void an_interval_that_cannot_be_is_a_sensible_one(String said, long seconds) {
        login.server.answer("/device", deviceAnswer("\"interval\":" + said));
        begin();

        assertThat(nextPoll()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void the_id_token_that_comes_with_the_token_must_be_right() {
        login.server.claim("aud", "another-client");
        DeviceLogin device = begin();
        nextPoll();

        assertThat(assertFails(device).error()).isEqualTo(OAuthError.PROVIDER_ERROR);
        assertThat(log.text()).contains("the ID token is refused: it is for another client");
    }

    @Test
    void a_token_that_cannot_be_stored_is_not_asked_for_again() {
        login.server.answer("/userinfo", Answer.json(200, "{\"sub\":\"somebody-else\"}"));
        DeviceLogin device = begin();
        nextPoll();

        assertFails(device);
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void it_cannot_be_completed_by_a_pasted_code() {
        DeviceLogin device = begin();

        failure(login.flows.complete(device.flow(), "the-code"), OAuthError.INVALID_REQUEST);
        assertThat(state(device)).isEqualTo(State.PENDING);
    }
}
