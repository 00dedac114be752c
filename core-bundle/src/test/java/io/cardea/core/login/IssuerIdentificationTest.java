package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gives an answer says so in {@code iss} (RFC 9207), or the answer of one server could be brought to another. */
class IssuerIdentificationTest {

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
    void an_answer_that_names_the_issuer_that_was_asked_completes() {
        login.server.announcingIssuer();
        Map<String, String> answer = login.consent();
        assertThat(answer).containsKey("iss");

        await(login.complete(answer));
    }

    @Test
    void an_answer_that_names_it_completes_also_where_nobody_announced_that_it_would() {
        Map<String, String> answer = login.consent();
        answer.put("iss", login.server.issuer());

        await(login.complete(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "ISSUER/", "ISSUER/x", "issuer", "null", " "})
    void an_answer_that_names_another_is_refused(String issuer) {
        Map<String, String> answer = login.consent();
        answer.put("iss", issuer.replace("ISSUER", login.server.issuer()));

        login.assertRefusedUnasked(login.complete(answer));
    }

    @Test
    void an_answer_that_does_not_name_it_is_refused_where_the_issuer_announced_that_each_would() {
        login.server.announcingIssuer();
        Map<String, String> answer = login.consent();
        answer.remove("iss");

        login.assertRefusedUnasked(login.complete(answer));
    }

    @Test
    void an_error_that_another_issuer_reports_is_not_believed() {
        Map<String, String> answer = login.consent();
        answer.remove("code");
        answer.put("error", "access_denied");
        answer.put("iss", "https://evil.example");

        login.assertRefusedUnasked(login.complete(answer));
    }

    @Test
    void an_error_of_the_issuer_that_was_asked_is_told_and_ends_the_login() {
        Map<String, String> answer = login.server.announcingIssuer().consent(login.begin());
        String code = answer.remove("code");
        answer.put("error", "access_denied");
        failure(login.complete(answer), OAuthError.ACCESS_DENIED);

        answer.remove("error");
        answer.put("code", code);
        login.assertRefusedUnasked(login.complete(answer));
    }

    @Test
    void an_issuer_that_begins_to_announce_it_while_a_login_is_under_way_is_held_to_it() {
        Map<String, String> answer = login.consent();
        login.server.announcingIssuer();
        login.configure(Map.of());

        login.assertRefusedUnasked(login.complete(answer));
    }
}
