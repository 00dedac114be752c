package io.cardea.oauth.provider;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.cardea.core.fixture.SigningKeys;
import java.io.IOException;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that proves by a signature who it is (RFC 7523). */
class ClientAssertionTest {

    private Acme acme;

    @BeforeEach
    void open() throws IOException {
        acme = new Acme().answering("/token", 200, Acme.TOKEN);
    }

    @AfterEach
    void close() {
        acme.close();
    }

    private static String pem(PrivateKey key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private Map<String, String> exchanged() {
        await(acme.provider().exchange(Acme.CODE, acme.context));
        int requests = acme.server.requests().size();
        return acme.server.requests().get(requests - 1).form();
    }

    private SignedJWT assertion() throws Exception {
        return SignedJWT.parse(exchanged().get("client_assertion"));
    }

    @Test
    void it_says_who_asks_whom_for_a_minute_and_never_twice_the_same() throws Exception {
        acme.set("private_key", SigningKeys.RSA.toJSONString());
        Map<String, String> form = exchanged();
        SignedJWT assertion = SignedJWT.parse(form.get("client_assertion"));
        JWTClaimsSet claims = assertion.getJWTClaimsSet();

        assertThat(form)
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .containsEntry("client_id", "the-client")
                .doesNotContainKey("client_secret");
        assertThat(assertion.verify(new RSASSAVerifier(SigningKeys.RSA))).isTrue();
        assertThat(assertion.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("key-1");
        assertThat(claims.getIssuer()).isEqualTo("the-client");
        assertThat(claims.getSubject()).isEqualTo("the-client");
        assertThat(claims.getAudience()).containsExactly(acme.server.url("/token"));
        assertThat(claims.getIssueTime().toInstant())
                .isEqualTo(acme.context.clock().instant());
        assertThat(claims.getExpirationTime().toInstant())
                .isEqualTo(acme.context.clock().instant().plusSeconds(60));
        assertThat(claims.getJWTID())
                .isNotBlank()
                .isNotEqualTo(assertion().getJWTClaimsSet().getJWTID());
    }

    @Test
    void the_key_may_be_any_that_is_usual() throws Exception {
        acme.set("private_key", pem(SigningKeys.RSA.toPrivateKey()));
        assertThat(assertion().verify(new RSASSAVerifier(SigningKeys.RSA))).isTrue();

        acme.set("private_key", pem(SigningKeys.EC.toPrivateKey()));
        SignedJWT byCurve = assertion();
        assertThat(byCurve.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(byCurve.verify(new ECDSAVerifier(SigningKeys.EC))).isTrue();

        acme.set("private_key", SigningKeys.EC.toJSONString());
        assertThat(assertion().verify(new ECDSAVerifier(SigningKeys.EC))).isTrue();

        acme.set(
                "private_key",
                new RSAKey.Builder(SigningKeys.RSA)
                        .algorithm(JWSAlgorithm.PS256)
                        .build()
                        .toJSONString());
        SignedJWT probabilistic = assertion();
        assertThat(probabilistic.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.PS256);
        assertThat(probabilistic.verify(new RSASSAVerifier(SigningKeys.RSA))).isTrue();
    }

    @Test
    void one_that_is_sent_to_another_server_is_of_no_use_at_the_token_endpoint() throws Exception {
        String elsewhere = acme.server.url("/revoke").replace("127.0.0.1", "localhost");
        acme.set("private_key", SigningKeys.RSA.toJSONString())
                .set("revocation_endpoint", elsewhere)
                .answering("/revoke", 200, "");
        await(acme.provider().revoke(Credential.bearer("a"), acme.context));
        SignedJWT assertion = SignedJWT.parse(acme.server.request().form().get("client_assertion"));

        assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly(elsewhere);
    }

    @Test
    void one_that_is_sent_to_the_same_server_names_its_token_endpoint() throws Exception {
        acme.set("private_key", SigningKeys.RSA.toJSONString())
                .set("revocation_endpoint", acme.server.url("/revoke"))
                .answering("/revoke", 200, "");
        await(acme.provider().revoke(Credential.bearer("a"), acme.context));
        SignedJWT assertion = SignedJWT.parse(acme.server.request().form().get("client_assertion"));

        assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly(acme.server.url("/token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SMALL",
                "PUBLIC",
                "PUBLIC-EC",
                "SMALL-PEM",
                "hunter2-is-no-key",
                "{\"kty\":\"oct\",\"k\":\"hunter2hunter2hunter2\"}",
                "{\"kty\":\"RSA\",\"n\":\"hunter2\"}",
                "{\"hunter2\":",
                "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n====\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----"
            })
    void a_key_that_cannot_be_is_refused_and_none_of_it_repeated(String key) throws Exception {
        ECKey ec = SigningKeys.EC;
        acme.set(
                "private_key",
                switch (key) {
                    case "SMALL" -> SigningKeys.SMALL.toJSONString();
                    case "PUBLIC" -> SigningKeys.RSA.toPublicJWK().toJSONString();
                    case "PUBLIC-EC" -> ec.toPublicJWK().toJSONString();
                    case "SMALL-PEM" -> pem(SigningKeys.SMALL.toPrivateKey());
                    default -> key;
                });

        assertThat(acme.provider().info().unavailable())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("private_key must be an RSA key of at least 2048 bits or an EC key")
                        .doesNotContain("hunter2", "kty"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "none", "ES256", "RSA-OAEP"})
    void a_key_whose_algorithm_does_not_fit_asks_nobody(String algorithm) {
        acme.set(
                "private_key",
                new RSAKey.Builder(SigningKeys.RSA)
                        .algorithm(new JWSAlgorithm(algorithm))
                        .build()
                        .toJSONString());
        if (acme.provider().info().unavailable().isEmpty()) {
            providerFailure(acme.provider().exchange(Acme.CODE, acme.context), "invalid_client");
        }

        assertThat(acme.server.requests()).isEmpty();
    }

    @Test
    void a_key_that_cannot_be_found_is_said_to_be_missing() {
        acme.set("private_key", "$[secret:acme]");

        assertThat(acme.provider().info().unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("says private_key = $[secret:acme], but"));
    }
}
