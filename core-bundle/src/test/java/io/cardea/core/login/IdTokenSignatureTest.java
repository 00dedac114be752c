package io.cardea.core.login;

import static io.cardea.core.fixture.SigningKeys.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.SigningKeys;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A login with an ID token that its issuer did not sign, or not so, ends without a connection (RFC 8725). */
class IdTokenSignatureTest {

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

    private static Arguments fault(String what, Consumer<HostileServer> does, String why) {
        return Arguments.of(what, does, why);
    }

    private static Consumer<HostileServer> header(Consumer<JWSHeader.Builder> change) {
        return server -> server.idToken(claims -> {
            JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key-1");
            change.accept(header);
            return signed(header.build(), SigningKeys.RSA, claims);
        });
    }

    static Stream<Arguments> signaturesThatAreWrong() throws Exception {
        byte[] der = SigningKeys.RSA.toRSAPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        String jwk = SigningKeys.RSA.toPublicJWK().toJSONString();
        return Stream.of(
                fault("none", server -> server.idToken(claims -> new PlainJWT(claims).serialize()), ""),
                fault("none, signed by nobody", server -> server.idToken(IdTokenSignatureTest::withoutSignature), ""),
                fault("the public key as an HMAC's, in DER", hmac(der), "not signed with RS256"),
                fault("the public key as an HMAC's, in PEM", hmac(bytes(pem)), "not signed with RS256"),
                fault("the public key as an HMAC's, in trimmed PEM", hmac(bytes(pem.trim())), "not signed with RS256"),
                fault("the public key as an HMAC's, as JWK", hmac(bytes(jwk)), "not signed with RS256"),
                fault(
                        "the client secret as an HMAC's",
                        hmac(bytes(HostileServer.SECRET.repeat(2))),
                        "not signed with RS256"),
                fault(
                        "another algorithm of the same key",
                        signedWith(JWSAlgorithm.PS256, SigningKeys.RSA),
                        "not signed with RS256"),
                fault("a longer hash", signedWith(JWSAlgorithm.RS512, SigningKeys.RSA), "not signed with RS256"),
                fault(
                        "another kind of key",
                        server -> server.keys(SigningKeys.RSA, SigningKeys.EC)
                                .idToken(claims -> signed(JWSAlgorithm.ES256, SigningKeys.EC, claims)),
                        "not signed with RS256"),
                fault(
                        "another key under the same name",
                        signedWith(JWSAlgorithm.RS256, SigningKeys.FOREIGN),
                        "signature"),
                fault(
                        "a key that nobody published",
                        signedWith(JWSAlgorithm.RS256, SigningKeys.NEXT),
                        "does not publish"),
                fault("a key that comes with the token", IdTokenSignatureTest::bringingItsKey, "signature"),
                fault(
                        "a key that is too small",
                        server -> server.keys(SigningKeys.SMALL)
                                .idToken(claims -> signed(JWSAlgorithm.RS256, SigningKeys.SMALL, claims)),
                        "signature"),
                fault(
                        "a private key in its header",
                        server -> server.idToken(claims -> withHeader(
                                "{\"alg\":\"RS256\",\"jwk\":" + SigningKeys.SMALL.toJSONString() + "}", claims)),
                        ""),
                fault(
                        "a header without end",
                        server -> server.idToken(
                                claims -> withHeader("{\"alg\":\"RS256\",\"x\":" + "[".repeat(50_000), claims)),
                        ""),
                fault(
                        "claims of another token",
                        server -> server.idToken(IdTokenSignatureTest::withOtherClaims),
                        "signature"),
                fault(
                        "half a signature",
                        server -> server.idToken(claims ->
                                honest(claims).substring(0, honest(claims).length() - 100)),
                        "signature"),
                fault(
                        "no signature",
                        server -> server.idToken(claims -> honest(claims).replaceAll("[^.]+$", "")),
                        ""),
                fault(
                        "an access token's type",
                        header(header -> header.type(new JOSEObjectType("at+jwt"))),
                        "another type"),
                fault(
                        "a logout token's type",
                        header(header -> header.type(new JOSEObjectType("logout+jwt"))),
                        "another type"),
                fault(
                        "something critical that nobody knows",
                        header(header -> header.criticalParams(Set.of("x")).customParam("x", true)),
                        "signature"),
                fault(
                        "a key that is for encryption",
                        server -> server.keys(new RSAKey.Builder(SigningKeys.RSA)
                                .keyUse(KeyUse.ENCRYPTION)
                                .build()),
                        "does not publish"),
                fault(
                        "a key that is for another algorithm",
                        server -> server.keys(new RSAKey.Builder(SigningKeys.RSA)
                                .algorithm(JWSAlgorithm.PS256)
                                .build()),
                        "does not publish"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Consumer<HostileServer> hmac(byte[] secret) {
        return server -> server.idToken(claims -> SigningKeys.withHmac(secret, claims));
    }

    private static Consumer<HostileServer> signedWith(JWSAlgorithm algorithm, RSAKey key) {
        return server -> server.idToken(claims -> signed(algorithm, key, claims));
    }

    private static String honest(JWTClaimsSet claims) {
        return signed(JWSAlgorithm.RS256, SigningKeys.RSA, claims);
    }

    private static String withoutSignature(JWTClaimsSet claims) {
        return withHeader("{\"alg\":\"none\",\"kid\":\"key-1\"}", claims);
    }

    private static String withHeader(String header, JWTClaimsSet claims) {
        String token = honest(claims);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(header))
                + token.substring(token.indexOf('.'));
    }

    private static String withOtherClaims(JWTClaimsSet claims) {
        String[] other = honest(
                        new JWTClaimsSet.Builder(claims).subject("mallory").build())
                .split("\\.");
        return other[0] + "." + other[1] + "." + honest(claims).split("\\.")[2];
    }

    private static void bringingItsKey(HostileServer server) {
        server.idToken(claims -> signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("key-1")
                        .jwk(SigningKeys.FOREIGN.toPublicJWK())
                        .jwkURL(URI.create(server.url("/stolen-keys")))
                        .build(),
                SigningKeys.FOREIGN,
                claims));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signaturesThatAreWrong")
    void it_is_refused_and_the_log_says_why(String what, Consumer<HostileServer> fault, String why) {
        fault.accept(login.server);

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
        assertThat(log.text()).contains("the ID token is refused").contains(why);
        assertThat(login.server.requests("/userinfo"))
                .as("the access token was not used")
                .isEmpty();
        assertThat(login.server.requests("/stolen-keys")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "a.b.c",
                "..",
                "e30.e30.e30",
                "eyJhbGciOiJSUzI1NiJ9..",
                // {"alg":"RS256","crit":["alg"]}
                "eyJhbGciOiJSUzI1NiIsImNyaXQiOlsiYWxnIl19.e30.AAAA",
                // {"alg":"RS256","crit":[]}
                "eyJhbGciOiJSUzI1NiIsImNyaXQiOltdfQ.e30.AAAA",
                // {"alg":"RS256","kid":5}
                "eyJhbGciOiJSUzI1NiIsImtpZCI6NX0.e30.AAAA",
                // {"alg":"RS256","jwk":{"kty":"oct","k":"AAAA"}}
                "eyJhbGciOiJSUzI1NiIsImp3ayI6eyJrdHkiOiJvY3QiLCJrIjoiQUFBQSJ9fQ.e30.AAAA",
                // {"alg":"RS256","b64":false,"crit":["b64"]}
                "eyJhbGciOiJSUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.e30.AAAA",
                // {"alg":"","typ":5}
                "eyJhbGciOiIiLCJ0eXAiOjV9.e30.AAAA",
                // {"alg":"RSA-OAEP-256","enc":"A256GCM"}
                "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIn0.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"
            })
    void what_is_no_signed_jwt_is_refused(String token) {
        login.server.idToken(claims -> token);

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
        assertThat(log.text()).contains("the ID token is refused");
    }

    /** Whatever a provider's own code insists on. */
    @ParameterizedTest
    @ValueSource(strings = {"HS256", "none"})
    void an_algorithm_that_anybody_could_sign_with_is_never_right(String algorithm) throws Exception {
        login.withdraw();
        login.setup.services.publish(
                new StandardProvider(ProviderDefinition.named("acme")
                        .configure(login.server.settings())
                        .build()) {
                    @Override
                    public String idTokenSignedResponseAlg() {
                        return algorithm;
                    }
                });
        hmac(SigningKeys.RSA.toRSAPublicKey().getEncoded()).accept(login.server);
        if (algorithm.equals("none")) {
            login.server.idToken(IdTokenSignatureTest::withoutSignature);
        }

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
        assertThat(login.server.requests("/jwks")).isEmpty();
    }

    @Test
    void the_algorithm_that_the_client_is_registered_with_is_the_one_that_counts() {
        login.server.keys(SigningKeys.RSA, SigningKeys.EC);
        login.configure(Map.of("id_token_signed_response_alg", "ES256"));
        login.refusedLogin(OAuthError.PROVIDER_ERROR);

        login.server.idToken(claims -> signed(JWSAlgorithm.ES256, SigningKeys.EC, claims));
        login.logIn();

        login.configure(Map.of("id_token_signed_response_alg", "PS256"));
        login.server.idToken(claims -> signed(JWSAlgorithm.PS256, SigningKeys.RSA, claims));
        login.logIn();
    }
}
