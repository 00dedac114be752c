package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins with a server of which only the issuer is configured. */
class DiscoveredLoginTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static final String DOCUMENT = "/.well-known/openid-configuration";

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

    /** Whoever wanted to log in is told as much as the log. */
    private void assertDoesNotBegin(String why) {
        assertThat(failure(login.setup.logins.begin(LoginSetup.request()), OAuthError.PROVIDER_ERROR))
                .hasMessageContaining(why);
        assertThat(log.text()).contains("WARN").contains(why);
    }

    @Test
    void a_login_a_refresh_and_a_revocation_need_one_discovery() {
        login.logIn();
        await(login.setup.connections.refresh("acme", "default"));
        await(login.setup.connections.revoke("acme", "default"));

        assertThat(login.server.requests())
                .extracting(LocalServer.Request::path)
                .containsExactly(DOCUMENT, "/token", "/jwks", "/userinfo", "/token", "/revoke");
    }

    @Test
    void another_issuer_is_not_believed() {
        login.server.metadata("issuer", "https://evil.example");
        assertDoesNotBegin("names another issuer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISSUER/", "ISSUER/.", "issuer"})
    void an_issuer_that_differs_in_one_letter_is_another(String issuer) {
        login.server.metadata("issuer", issuer.replace("ISSUER", login.server.issuer()));
        assertDoesNotBegin("names another issuer");
    }

    @Test
    void no_issuer_at_all_is_another() {
        login.server.metadata("issuer", null);
        assertDoesNotBegin("names another issuer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization_endpoint",
                "token_endpoint",
                "userinfo_endpoint",
                "jwks_uri",
                "revocation_endpoint",
                "device_authorization_endpoint"
            })
    void an_endpoint_on_a_private_address_is_not_used(String name) {
        login.server.metadata(name, "https://169.254.169.254/latest");
        assertDoesNotBegin("names a " + name + " that must not be used");
    }

    @Test
    void an_endpoint_on_another_port_of_the_issuers_own_host_is_used() throws IOException {
        try (LocalServer beside = new LocalServer()
                .answer("/me", Answer.json(200, "{\"sub\":\"subject-42\",\"email\":\"beside@example.org\"}"))) {
            login.server.metadata("userinfo_endpoint", beside.url("/me"));

            assertThat(login.logIn().account()).hasValue("beside@example.org");
        }
    }

    @Test
    void an_endpoint_that_the_operator_did_not_allow_is_not_used() {
        login.server.metadata("token_endpoint", "https://elsewhere.example/token");
        login.configure(Map.of("allowed_hosts", "*.acme.example"));
        assertDoesNotBegin("names a token_endpoint that must not be used");

        login.server.metadata(metadata -> {});
        login.configure(Map.of("allowed_hosts", "*.acme.example"));
        login.logIn();
    }

    @Test
    void a_server_that_answers_with_a_page_is_told_from_one_that_fails() {
        login.server.answer(DOCUMENT, new Answer(200, "text/html", "<html>the-access-token</html>"));
        assertDoesNotBegin(
                "When " + login.server.issuer() + " was asked for its metadata, it did not answer with JSON");

        login.clock.pass(Duration.ofSeconds(5));
        login.server.answer(DOCUMENT, Answer.json(503, "the-access-token"));
        assertDoesNotBegin(
                "When " + login.server.issuer() + " was asked for its metadata, it answered with HTTP status 503");
    }

    @Test
    void a_server_that_is_not_there_is_named_by_its_host() {
        login.server.close();

        assertDoesNotBegin("The metadata of " + login.server.issuer() + " cannot be had: "
                + URI.create(login.server.issuer()).getAuthority() + " could not be reached. Check its address");
    }

    @Test
    void a_server_that_is_down_is_not_asked_by_each_login() {
        login.server.answer(DOCUMENT, Answer.json(503, ""));
        for (int i = 0; i < 5; i++) {
            failure(login.setup.logins.begin(LoginSetup.request()), OAuthError.PROVIDER_ERROR);
        }
        assertThat(login.server.requests()).hasSize(1);

        login.clock.pass(Duration.ofSeconds(5));
        failure(login.setup.logins.begin(LoginSetup.request()), OAuthError.PROVIDER_ERROR);
        assertThat(login.server.requests()).hasSize(2);
    }

    @Test
    void a_login_that_was_begun_completes_though_the_metadata_cannot_be_asked_for_any_more() {
        login.clock.pass(Duration.ofMinutes(1));
        login.begin();
        login.clock.pass(Duration.ofMinutes(58));
        Map<String, String> answer = login.consent();
        login.server.answer(DOCUMENT, Answer.json(503, ""));
        login.clock.pass(Duration.ofMinutes(2));

        await(login.complete(answer));
        assertThat(log.text()).contains("what was known before is used on");
    }

    @Test
    void a_server_whose_metadata_changes_under_a_login_does_not_get_its_code() {
        login.begin();
        login.clock.pass(Duration.ofMinutes(58));
        Map<String, String> answer = login.consent();
        login.server.metadata("token_endpoint", login.server.url("/other-token"));
        login.clock.pass(Duration.ofMinutes(2));

        login.assertRefusedUnasked(login.complete(answer));
        assertThat(login.server.requests("/other-token")).isEmpty();
    }

    @Test
    void a_server_that_hangs_is_a_timeout() {
        login.server.hangAt(DOCUMENT);

        login.setup.services.impatiently(
                () -> failure(login.setup.logins.begin(LoginSetup.request()), OAuthError.PROVIDER_TIMEOUT));
    }
}
