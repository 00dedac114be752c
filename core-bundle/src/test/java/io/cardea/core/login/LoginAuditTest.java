package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.DeviceLogin;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written down of a login's end. */
class LoginAuditTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @Test
    void a_login_that_completed_once_and_not_how_often_strangers_try_it_again() {
        try (LoginSetup setup = new LoginSetup(osgi.context())) {
            String state = setup.begin().state();
            await(setup.complete("code", "the-code", "state", state));
            failure(setup.complete("code", "the-code", "state", state), OAuthError.INVALID_REQUEST);

            assertThat(setup.audited().lines().filter(line -> line.contains("login.")))
                    .singleElement()
                    .asString()
                    .contains("\"login.completed\"", "\"provider\":\"acme\"", "\"ada@example.org\"");
            assertThat(setup.audited()).doesNotContain("the-code", state);
        }
    }

    @Test
    void a_login_that_was_denied() {
        try (LoginSetup setup = new LoginSetup(osgi.context())) {
            String state = setup.begin().state();
            failure(setup.complete("error", "access_denied", "state", state), OAuthError.ACCESS_DENIED);

            assertThat(setup.audited()).contains("\"login.failed\"", "\"error\":\"access_denied\"");
        }
    }

    @Test
    void what_belongs_to_no_login_of_this_browser_is_none() {
        try (LoginSetup setup = new LoginSetup(osgi.context())) {
            failure(setup.complete("code", "c", "state", "some-state-that-nobody-made"), OAuthError.INVALID_REQUEST);

            assertThat(setup.audited()).doesNotContain("login.");
        }
    }

    @ParameterizedTest
    @CsvSource({"access_denied, DENIED", "expired_token, EXPIRED", "invalid_client, FAILED"})
    void a_login_on_another_device_that_failed(String error, State state) throws Exception {
        try (HostileSetup login = new HostileSetup(osgi.context())) {
            login.server.refusingPolls(error);
            DeviceLogin device = await(login.flows.beginDevice(new ConnectionKey("acme", "tv"), List.of()));
            login.timer.next();
            eventually(() -> login.flows.status(device.flow()).state() == state);

            assertThat(login.setup.audited()).contains("\"login.failed\"", "\"connection\":\"tv\"");
        }
    }
}
