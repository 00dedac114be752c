package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The answer to one login, brought to another. */
class SwappedLoginTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

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

    @Test
    void an_answer_that_is_replayed_is_refused_and_the_first_stays() {
        Map<String, String> answer = login.consent();
        await(login.complete(answer));

        failure(login.complete(answer), OAuthError.INVALID_REQUEST);
        assertThat(login.server.requests("/token")).hasSize(1);
        assertThat(login.setup.connections.list()).hasSize(1);
    }

    @Test
    void another_persons_answer_is_refused_in_this_browser() throws IOException {
        Map<String, String> theirs = login.consent();
        login.setup.cookies.clear();
        login.begin();

        login.assertRefusedUnasked(login.complete(theirs));
    }

    @Test
    void another_logins_code_under_this_logins_state_does_not_fit_its_verifier() {
        Map<String, String> mine = login.consent();
        Map<String, String> injected = new HashMap<>(login.consent());
        injected.put("state", mine.get("state"));

        assertThat(failure(login.complete(injected), OAuthError.PROVIDER_ERROR)).hasMessageContaining("invalid_grant");
        login.assertNothingStored();
    }

    @Test
    void a_server_that_does_not_look_at_verifiers_is_told_apart_by_the_nonce() {
        login.configure(Map.of("pkce", "none"));
        Map<String, String> mine = login.consent();
        String injected = login.consent().get("code");
        // As a server grants that neither has heard of PKCE nor binds its codes.
        login.server.claim("nonce", "of-another-login");

        failure(login.complete(Map.of("code", injected, "state", mine.get("state"))), OAuthError.PROVIDER_ERROR);
        login.assertNothingStored();
    }

    @Test
    void an_answer_of_another_server_is_refused_though_the_provider_has_become_that_server() throws IOException {
        Map<String, String> answer = login.consent();
        try (HostileServer other = new HostileServer(login.clock)) {
            login.configure(Map.of("issuer", other.issuer()));

            login.assertRefusedUnasked(login.complete(answer));
            assertThat(other.requests("/token")).isEmpty();
        }
    }

    @Test
    void a_login_completes_though_the_provider_was_configured_anew_in_between() {
        Map<String, String> answer = login.consent();
        login.configure(Map.of("display_name", "Acme"));

        await(login.complete(answer));
    }

    @Test
    void every_login_has_secrets_of_its_own() {
        Map<String, String> one = HostileServer.query(login.begin());
        Map<String, String> other = HostileServer.query(login.begin());

        for (String name : new String[] {"state", "nonce", "code_challenge"}) {
            assertThat(one.get(name)).hasSizeGreaterThanOrEqualTo(22).isNotEqualTo(other.get(name));
        }
        assertThat(one.get("state")).isNotEqualTo(one.get("nonce"));
    }
}
