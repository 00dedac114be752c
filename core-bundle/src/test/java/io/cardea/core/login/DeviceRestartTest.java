package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.file.PrivateFolder.Step;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logins on another device when Cardea ends at any moment, and starts again. */
class DeviceRestartTest {

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

    private FlowStatus status(DeviceLogin device) {
        return login.flows.status(device.flow());
    }

    private State state(DeviceLogin device) {
        return status(device).state();
    }

    private void assertEnds(DeviceLogin device, State how) {
        eventually(() -> state(device) != State.PENDING);
        assertThat(state(device)).isEqualTo(how);
        assertThat(login.timer.isIdle()).as("nobody is asked any more").isTrue();
    }

    private void assertInterrupted(DeviceLogin device) {
        assertEnds(device, State.FAILED);
        assertThat(status(device).failure().orElseThrow())
                .hasMessage("Cardea ended while it completed this login. Start again.");
    }

    private void untilAsked(String path) {
        eventually(() -> !login.server.requests(path).isEmpty());
    }

    @Test
    void a_login_that_is_pending_goes_on_where_it_was() {
        login.server.refusingPolls("authorization_pending");
        DeviceLogin device = begin();
        login.timer.next();
        eventually(() -> !login.timer.isIdle());
        login.restart();
        assertThat(state(device)).isEqualTo(State.PENDING);
        login.timer.next();

        assertEnds(device, State.COMPLETE);
        assertThat(status(device).key()).isEqualTo(KEY);
        assertThat(login.setup.connections.list()).extracting(Connection::key).containsExactly(KEY);
        assertThat(login.setup.connections.list().get(0).scopes()).containsExactly("openid", "email");
        assertThat(login.server.requests("/token"))
                .extracting(Request::form)
                .allSatisfy(form -> assertThat(form).containsEntry("device_code", HostileServer.DEVICE_CODE))
                .hasSize(2);
    }

    @Test
    void the_server_is_asked_no_sooner_than_it_wanted_last() {
        login.server.refusingPolls("slow_down", "slow_down", "authorization_pending");
        begin();
        login.restart();
        assertThat(login.timer.next()).isEqualTo(Duration.ofSeconds(7));
        assertThat(login.timer.next()).isEqualTo(Duration.ofSeconds(12));
        eventually(() -> !login.timer.isIdle());
        login.restart();

        assertThat(login.timer.next()).isEqualTo(Duration.ofSeconds(17));
        assertThat(login.timer.next()).isEqualTo(Duration.ofSeconds(17));
    }

    @Test
    void a_provider_that_has_not_arrived_yet_is_waited_for() {
        DeviceLogin device = begin();
        login.withdraw();
        login.restart();
        login.timer.next();
        login.timer.next();
        assertThat(state(device)).isEqualTo(State.PENDING);
        login.configure(Map.of("display_name", "Acme"));
        login.timer.next();

        assertEnds(device, State.COMPLETE);
    }

    @Test
    void a_provider_that_became_another_server_meanwhile_does_not_get_the_device_code() throws IOException {
        DeviceLogin device = begin();
        try (HostileServer other = new HostileServer(login.clock)) {
            login.configure(Map.of("issuer", other.issuer()));
            login.restart();
            login.timer.next();

            assertEnds(device, State.FAILED);
            assertThat(other.requests("/token")).isEmpty();
            assertThat(login.server.requests("/token")).isEmpty();
        }
    }

    @Test
    void a_login_whose_time_passes_while_nobody_is_there_has_expired() {
        DeviceLogin device = begin();
        login.clock.pass(Duration.ofSeconds(600));
        login.restart();

        assertEnds(device, State.EXPIRED);
        assertThat(login.server.requests("/token")).isEmpty();
    }

    @Test
    void of_one_that_was_over_long_ago_nothing_is_left() {
        DeviceLogin device = begin();
        login.clock.pass(Duration.ofSeconds(1201));
        login.restart();
        login.forgetting.next();

        assertThat(login.flowFiles()).isEmpty();
        assertThatThrownBy(() -> state(device))
                .isInstanceOfSatisfying(
                        OAuthException.class, gone -> assertThat(gone.error()).isEqualTo(OAuthError.UNKNOWN_FLOW));
    }

    @ParameterizedTest
    @CsvSource({"access_denied,DENIED", "expired_token,EXPIRED", "invalid_grant,FAILED"})
    void how_it_ended_is_still_known(String error, State how) {
        login.server.refusingPolls(error);
        DeviceLogin device = begin();
        login.timer.next();
        assertEnds(device, how);
        FlowStatus before = status(device);
        login.restart();

        assertEnds(device, how);
        assertThat(status(device).key()).isEqualTo(KEY);
        assertThat(status(device).failure().map(Throwable::getMessage))
                .isEqualTo(before.failure().map(Throwable::getMessage));
        assertThat(status(device).failure().map(OAuthException::error))
                .isEqualTo(before.failure().map(OAuthException::error));
    }

    @Test
    void what_is_complete_stays_complete() {
        DeviceLogin device = begin();
        login.timer.next();
        assertEnds(device, State.COMPLETE);
        login.restart();
        login.restart();

        assertEnds(device, State.COMPLETE);
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void one_that_was_being_completed_is_not_asked_for_again_for_its_code_is_spent() {
        login.server.hangAt("/userinfo");
        DeviceLogin device = begin();
        login.timer.next();
        untilAsked("/userinfo");
        login.restart();

        assertInterrupted(device);
        login.assertNothingStored();
        login.restart();
        assertInterrupted(device);
        assertThat(login.server.requests("/token")).hasSize(1);
        assertThat(login.setup.audited().lines().filter(line -> line.contains("login.failed")))
                .as("once, however often Cardea is started")
                .hasSize(1);
    }

    @Test
    void a_connection_that_was_there_before_does_not_make_it_complete() {
        // The connection service goes by the clock on the wall.
        login.clock.pass(Duration.between(login.clock.instant(), Instant.now()));
        DeviceLogin first = begin();
        login.timer.next();
        assertEnds(first, State.COMPLETE);
        login.clock.pass(Duration.between(login.clock.instant(), Instant.now().plusSeconds(1)));
        login.server.hangAt("/userinfo");
        DeviceLogin device = begin();
        login.timer.next();
        eventually(() -> login.server.requests("/userinfo").size() == 2);
        login.restart();

        assertInterrupted(device);
    }

    @Test
    void one_whose_connection_was_stored_is_complete_though_nobody_could_write_so() {
        login.clock.pass(Duration.between(login.clock.instant(), Instant.now()));
        DeviceLogin device = begin();
        login.server.tokenAnswer(answer -> answer.put("scope", "email"));
        CountDownLatch stored = new CountDownLatch(1);
        login.steps = (step, file) -> {
            if (!login.setup.connections.list().isEmpty()) {
                stored.countDown();
                throw new IOException("Cardea has died");
            }
        };
        login.timer.next();
        eventually(() -> stored.getCount() == 0);
        login.restart();

        assertEnds(device, State.COMPLETE);
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void a_stop_waits_for_what_a_provider_is_about_to_give() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        login.server.answer("/userinfo", request -> {
            asked.countDown();
            awaitQuietly(answer);
            return Answer.json(200, "{\"sub\":\"" + HostileServer.SUBJECT + "\"}");
        });
        DeviceLogin device = begin();
        login.timer.next();
        asked.await();
        FlowService stopping = login.flows;
        CompletableFuture<Void> stop = CompletableFuture.runAsync(stopping::stop);
        assertThat(stop).isNotDone();
        answer.countDown();
        await(stop);
        login.restart();

        assertEnds(device, State.COMPLETE);
        assertThat(login.setup.connections.list()).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_stop_loses_none_that_is_pending() {
        DeviceLogin device = begin();
        login.flows.stop();
        login.restart();
        login.timer.next();

        assertEnds(device, State.COMPLETE);
    }

    @Test
    void a_service_that_is_stopped_stores_nothing_and_leaves_the_files_to_the_next() {
        DeviceLogin device = begin();
        login.flows.stop();
        // It may have been about to poll.
        login.timer.next();
        eventually(() -> login.server.requests("/token").size() == 1);
        eventually(() -> log.text().contains("This login took too long"));
        login.assertNothingStored();
        login.restart();

        assertThat(state(device)).isEqualTo(State.PENDING);
    }

    @Test
    void a_poll_that_changes_nothing_touches_no_disk() {
        login.server.refusingPolls("authorization_pending", "authorization_pending");
        begin();
        List<Step> touched = new CopyOnWriteArrayList<>();
        login.steps = (step, file) -> touched.add(step);
        login.timer.next();
        login.timer.next();
        eventually(() -> !login.timer.isIdle());

        assertThat(touched).isEmpty();
    }

    @Test
    void a_login_that_a_full_disk_does_not_take_is_worth_more_than_its_survival() {
        login.steps = (step, file) -> {
            if (step == Step.WRITE) {
                throw new IOException("No space left on device");
            }
        };
        DeviceLogin first = begin();
        DeviceLogin second = begin();
        assertThat(log.text().lines().filter(line -> line.contains("No space left on device")))
                .as("is told once")
                .hasSize(1);
        login.timer.next();
        login.timer.next();
        assertEnds(first, State.COMPLETE);
        assertEnds(second, State.COMPLETE);
        login.restart();

        failure(login.flows.complete(first.flow(), "code"), OAuthError.UNKNOWN_FLOW);
    }

    @Test
    void what_can_no_longer_be_written_leaves_no_file_that_says_something_else() {
        DeviceLogin device = begin();
        login.steps = (step, file) -> {
            if (step == Step.WRITE) {
                throw new IOException("No space left on device");
            }
        };
        login.timer.next();

        assertEnds(device, State.COMPLETE);
        assertThat(login.flowFiles()).isEmpty();
    }
}
