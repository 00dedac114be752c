package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.Connection;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.ManualLogin;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logins whose code a person pastes into a Cardea that was started again since. */
class PastedRestartTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private HostileSetup login;
    private ManualLogin manual;
    private Map<String, String> answer;

    @BeforeEach
    void open() throws IOException {
        login = new HostileSetup(osgi.context());
        manual = await(login.flows.beginManual(LoginSetup.request()));
        answer = login.server.consent(URI.create(manual.authorizationUrl()));
    }

    @AfterEach
    void close() {
        login.assertNoSecretIn(log);
        assertThat(log.text()).doesNotContain(answer.get("state"), manual.flow());
        login.close();
    }

    private CompletionStage<Connection> paste() {
        return login.flows.complete(manual.flow(), answer.get("code") + "#" + answer.get("state"));
    }

    private State state() {
        return login.flows.status(manual.flow()).state();
    }

    @Test
    void the_code_completes_it() {
        login.restart();
        assertThat(state()).isEqualTo(State.PENDING);

        assertThat(await(paste()).subject()).hasValue(HostileServer.SUBJECT);
        assertThat(state()).isEqualTo(State.COMPLETE);
        assertThat(login.server.requests("/token").get(0).form())
                .containsKey("code_verifier")
                .containsEntry("redirect_uri", LoginSetup.REDIRECT_URI);
    }

    @Test
    void the_state_of_another_login_is_refused() {
        login.restart();

        failure(login.flows.complete(manual.flow(), answer.get("code") + "#another"), OAuthError.INVALID_REQUEST);
        assertThat(state()).isEqualTo(State.PENDING);
    }

    @Test
    void one_that_is_complete_is_completed_no_more() {
        await(paste());
        login.restart();

        assertThat(state()).isEqualTo(State.COMPLETE);
        assertThat(failure(paste(), OAuthError.INVALID_REQUEST)).hasMessageContaining("has ended already");
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void a_code_that_was_being_exchanged_is_not_sent_again() {
        login.server.hangAt("/token");
        paste();
        eventually(() -> login.server.requests("/token").size() == 1);
        login.restart();

        assertThat(state()).isEqualTo(State.FAILED);
        assertThat(failure(paste(), OAuthError.INVALID_REQUEST)).hasMessageContaining("has ended already");
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void one_whose_time_passes_while_nobody_is_there_has_expired() {
        login.clock.pass(LoginSetup.LIFETIME);
        login.restart();

        assertThat(state()).isEqualTo(State.EXPIRED);
        failure(paste(), OAuthError.INVALID_REQUEST);
        assertThat(login.server.requests("/token")).isEmpty();
    }

    @Test
    void a_provider_that_became_another_server_meanwhile_does_not_get_the_code() throws IOException {
        try (HostileServer other = new HostileServer(login.clock)) {
            login.configure(Map.of("issuer", other.issuer()));
            login.restart();

            failure(paste(), OAuthError.INVALID_REQUEST);
            assertThat(other.requests("/token")).isEmpty();
            assertThat(state()).isEqualTo(State.FAILED);
        }
    }
}
