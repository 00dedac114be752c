package io.cardea.core.login;

import static io.cardea.core.fixture.SigningKeys.signed;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.SigningKeys;
import io.cardea.oauth.Connection;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a login makes of what the userinfo endpoint says of the person (OpenID Connect Core, section 5.3). */
class UserinfoTest {

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

    private void userinfo(int status, String body) {
        login.server.answer("/userinfo", Answer.json(status, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"somebody-else", "SUBJECT-42", "subject-42 ", "subject-421"})
    void a_person_other_than_the_id_tokens_ends_the_login(String subject) {
        userinfo(200, "{\"sub\":\"" + subject + "\",\"email\":\"mallory@example.org\"}");

        assertThat(login.refusedLogin(OAuthError.PROVIDER_ERROR)).hasMessageContaining("another person");
    }

    @Test
    void whoever_does_not_say_who_it_is_adds_to_the_id_token() {
        userinfo(200, "{\"email\":\"ada@example.org\"}");
        Connection connection = login.logIn();

        assertThat(connection.subject()).hasValue(HostileServer.SUBJECT);
        assertThat(connection.account()).hasValue("ada@example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"sub\":\"a\",\"sub\":\"b\"}", "{\"error\":\"invalid_token\"}"})
    void what_is_no_answer_does_not_undo_the_login(String body) {
        login.server.idToken(claims -> signed(
                JWSAlgorithm.RS256,
                SigningKeys.RSA,
                new JWTClaimsSet.Builder(claims)
                        .claim("email", "of-the-token@example.org")
                        .build()));
        for (int status : new int[] {200, 401, 500}) {
            userinfo(status, body);

            assertThat(login.logIn().account()).hasValue("of-the-token@example.org");
        }
    }

    @Test
    void without_an_id_token_it_alone_says_whose_the_connection_is() {
        login.configure(Map.of("scope", "email"));
        login.server.tokenAnswer(answer -> answer.remove("id_token"));
        userinfo(200, "{\"id\":7,\"name\":\"Ada\"}");
        Connection connection = login.logIn();

        assertThat(connection.subject()).hasValue("7");
        assertThat(connection.account()).hasValue("Ada");
    }

    /** A name is for people, but a server may make it a weapon. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\ud800",
                "a\\udc00b",
                "\\u001b[2Jowned",
                "line\\nbreak",
                "\\u202eflipped",
                "\\u2028separated",
                "\\u0000"
            })
    void a_name_that_could_do_harm_is_made_harmless_and_does_not_undo_the_login(String name) {
        userinfo(200, "{\"sub\":\"subject-42\",\"email\":\"" + name + "\"}");

        assertThat(login.logIn().account().orElse("")).matches("[\\x20-\\x7e\ufffd]*");
    }

    @Test
    void a_name_that_is_a_book_is_cut_between_two_characters() {
        String emoji = "\ud83d\ude00";
        userinfo(200, "{\"sub\":\"subject-42\",\"email\":\"" + "x".repeat(255) + emoji + "y".repeat(500_000) + "\"}");

        assertThat(login.logIn().account().orElseThrow()).startsWith("xxx").hasSizeBetween(255, 257);
    }
}
