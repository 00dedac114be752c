package io.cardea.core.login;

import static io.cardea.core.fixture.SigningKeys.signed;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.SigningKeys;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The issuer's keys come, change and cannot be had. */
class KeyRotationTest {

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

    private int asked() {
        return login.server.requests("/jwks").size();
    }

    private void signWith(RSAKey key) {
        login.server.idToken(claims -> signed(JWSAlgorithm.RS256, key, claims));
    }

    private void publishAndSignWith(RSAKey key) {
        login.server.keys(key);
        signWith(key);
    }

    /** Unlike {@link HostileSetup#refusedLogin}, with logins before it. */
    private void refusedLogin() {
        failure(login.complete(login.consent()), OAuthError.PROVIDER_ERROR);
    }

    @Test
    void the_keys_are_asked_for_once_an_hour() {
        login.logIn();
        login.logIn();
        login.clock.pass(Duration.ofMinutes(59));
        login.logIn();
        assertThat(asked()).isEqualTo(1);

        login.clock.pass(Duration.ofMinutes(1));
        login.logIn();
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void a_key_that_is_new_is_found_at_once() {
        login.logIn();
        publishAndSignWith(SigningKeys.NEXT);

        login.logIn();
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void for_tokens_with_unknown_keys_the_issuer_is_asked_every_thirty_seconds_at_most() {
        login.logIn();
        signWith(SigningKeys.NEXT);
        for (int i = 0; i < 5; i++) {
            refusedLogin();
            login.clock.pass(Duration.ofSeconds(5));
        }
        assertThat(asked()).isEqualTo(2);

        login.server.keys(SigningKeys.NEXT);
        login.clock.pass(Duration.ofSeconds(5));
        login.logIn();
        assertThat(asked()).isEqualTo(3);
    }

    @Test
    void a_key_without_a_name_that_is_replaced_is_found_as_well() {
        login.server.keys(new RSAKey.Builder(SigningKeys.RSA).keyID(null).build());
        login.server.idToken(claims -> signed(new JWSHeader(JWSAlgorithm.RS256), SigningKeys.RSA, claims));
        login.logIn();
        login.server.keys(new RSAKey.Builder(SigningKeys.NEXT).keyID(null).build());
        login.server.idToken(claims -> signed(new JWSHeader(JWSAlgorithm.RS256), SigningKeys.NEXT, claims));

        login.logIn();
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void a_withdrawn_key_is_not_believed_once_the_others_are_known() {
        login.logIn();
        login.server.keys(SigningKeys.NEXT);
        login.clock.pass(Duration.ofHours(1));

        refusedLogin();
    }

    @Test
    void keys_that_cannot_be_asked_for_again_are_believed_for_a_day() {
        login.logIn();
        login.server.answer("/jwks", Answer.json(503, ""));
        login.clock.pass(Duration.ofHours(23));
        login.logIn();

        login.clock.pass(Duration.ofHours(1));
        refusedLogin();
    }

    @Test
    void keys_that_cannot_be_asked_for_again_are_still_no_other_ones() {
        login.logIn();
        login.server.answer("/jwks", Answer.json(503, ""));
        signWith(SigningKeys.NEXT);

        refusedLogin();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>Down for maintenance</html>",
                "{}",
                "[]",
                "null",
                "{\"keys\":null}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[5]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":5}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"key-1\",\"k\":\"AAAA\"}]}"
            })
    void what_is_no_key_set_ends_the_login(String body) {
        login.server.answer("/jwks", new Answer(200, "text/html", body));

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 302, 404, 500})
    void keys_with_another_status_than_200_are_none(int status) {
        login.server.answer("/jwks", Answer.json(status, ""));

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
    }

    @Test
    void more_keys_than_anybody_has_are_none() {
        RSAKey[] many = new RSAKey[101];
        for (int i = 0; i < many.length; i++) {
            many[i] = new RSAKey.Builder(SigningKeys.RSA).keyID("key-" + i).build();
        }
        login.server.keys(many);

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
    }

    @Test
    void keys_without_end_and_nests_of_them_are_none() {
        login.server.answer("/jwks", Answer.json(200, "{\"keys\":[" + " ".repeat(1024 * 1024) + "]}"));
        login.refusedLogin(OAuthError.PROVIDER_ERROR);

        login.server.answer("/jwks", Answer.json(200, "[".repeat(500_000)));
        refusedLogin();
    }

    /** RFC 7517, section 5: what is not understood is passed over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"kid\":\"pq\",\"pub\":\"AAAA\"}",
                "{\"kty\":\"EC\",\"crv\":\"brainpoolP256r1\",\"kid\":\"bp\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed999\",\"kid\":\"ed\",\"x\":\"AAAA\"}",
                "{\"kty\":\"RSA\",\"kid\":\"no modulus\"}",
                "{\"kid\":\"no type\"}"
            })
    void a_key_that_nobody_understands_beside_one_that_is_right_does_no_harm(String odd) {
        String right = SigningKeys.RSA.toPublicJWK().toJSONString();
        login.server.answer("/jwks", Answer.json(200, "{\"keys\":[" + odd + "," + right + "]}"));

        login.logIn();
    }

    @Test
    void where_they_cannot_be_had_is_told() {
        login.server.metadata("jwks_uri", "http://127.0.0.1:1/jwks");

        assertThat(login.refusedLogin(OAuthError.PROVIDER_ERROR))
                .hasMessageStartingWith("The keys of the issuer cannot be had: 127.0.0.1:1 could not be reached.");
    }
}
