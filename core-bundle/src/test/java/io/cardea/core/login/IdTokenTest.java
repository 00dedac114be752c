package io.cardea.core.login;

import static io.cardea.core.fixture.SigningKeys.signed;
import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.SigningKeys;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.Connection;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A login with an ID token whose claims are not right ends without a connection (OpenID Connect Core, section 3.1.3.7). */
class IdTokenTest {

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

    private static Consumer<HostileServer> claim(String name, Object value) {
        return server -> server.claim(name, value);
    }

    private static Consumer<HostileServer> header(Consumer<JWSHeader.Builder> change) {
        return server -> server.idToken(claims -> {
            JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key-1");
            change.accept(header);
            return signed(header.build(), SigningKeys.RSA, claims);
        });
    }

    static Stream<Arguments> claimsThatAreWrong() {
        return Stream.of(
                fault("no issuer", claim("iss", null), "issuer"),
                fault("another issuer", claim("iss", "https://evil.example"), "issuer"),
                fault("an issuer that is no text", claim("iss", 5), ""),
                fault("no audience", claim("aud", null), "another client"),
                fault("another audience", claim("aud", "another-client"), "another client"),
                fault("an empty audience", claim("aud", List.of()), "another client"),
                fault("an audience that is no text", claim("aud", 7), ""),
                fault("several audiences without this one", claim("aud", List.of("a", "b")), "another client"),
                fault(
                        "several audiences and no authorized party",
                        claim("aud", List.of(HostileServer.CLIENT, "b")),
                        "issued to another client"),
                fault("another authorized party", claim("azp", "another-client"), "issued to another client"),
                fault("an authorized party that is no text", claim("azp", List.of(HostileServer.CLIENT)), ""),
                fault("no subject", claim("sub", null), "subject"),
                fault("an empty subject", claim("sub", ""), "subject"),
                fault("a subject that is a book", claim("sub", "x".repeat(256)), "subject"),
                fault("a subject that is no text", claim("sub", List.of("x")), ""),
                fault("no end", claim("exp", null), "expired"),
                fault("an end that has passed", claim("exp", seconds(-61)), "expired"),
                fault("an end of exactly a minute ago", claim("exp", seconds(-60)), "expired"),
                fault("an end that is no time", claim("exp", "never"), ""),
                fault("an end beyond all time", claim("exp", Long.MAX_VALUE), "expired"),
                fault("no time of issue", claim("iat", null), "issued in the future"),
                fault("issued in the future", claim("iat", seconds(61)), "issued in the future"),
                fault("not valid yet", claim("nbf", seconds(61)), "not valid yet"),
                fault("no nonce", claim("nonce", null), "nonce"),
                fault("another nonce", claim("nonce", "another"), "nonce"),
                fault("an empty nonce", claim("nonce", ""), "nonce"),
                fault("a nonce that is no text", claim("nonce", 5), ""),
                fault("another access token's hash", claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
                fault("an empty hash", claim("at_hash", ""), "at_hash"),
                fault("a hash that is no text", claim("at_hash", List.of()), ""));
    }

    private static long seconds(int fromNow) {
        return new AdjustableClock().instant().getEpochSecond() + fromNow;
    }

    private static String honest(JWTClaimsSet claims) {
        return signed(JWSAlgorithm.RS256, SigningKeys.RSA, claims);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claimsThatAreWrong")
    void it_is_refused_and_the_log_says_why(String what, Consumer<HostileServer> fault, String why) {
        fault.accept(login.server);

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
        assertThat(log.text()).contains("the ID token is refused").contains(why);
        assertThat(login.server.requests("/userinfo"))
                .as("the access token was not used")
                .isEmpty();
        assertThat(login.server.requests("/stolen-keys")).isEmpty();
    }

    @Test
    void a_login_that_asked_for_one_and_got_none_is_refused() {
        login.server.tokenAnswer(answer -> answer.remove("id_token"));

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
    }

    @Test
    void a_login_that_did_not_ask_for_one_needs_none() {
        login.configure(Map.of("scope", "email"));
        login.server.tokenAnswer(answer -> answer.remove("id_token"));

        assertThat(login.logIn().subject()).hasValue(HostileServer.SUBJECT);
    }

    @Test
    void one_that_nobody_asked_for_need_not_name_a_login() {
        login.configure(Map.of("scope", "email", "jwks_uri", login.server.url("/jwks")));
        assertThat(HostileServer.query(login.begin())).doesNotContainKey("nonce");

        assertThat(login.logIn().subject()).hasValue(HostileServer.SUBJECT);
    }

    @Test
    void one_that_nobody_asked_for_must_be_right_all_the_same() {
        login.configure(Map.of("scope", "email"));
        login.server.claim("aud", "another-client");

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
    }

    /** Endpoints are configured, and OpenID Connect is asked for by a login alone. */
    private CompletionStage<CompletedLogin> askingForOpenid() {
        login.configure(Map.of(
                "scope", "email",
                "authorization_endpoint", login.server.url("/authorize"),
                "token_endpoint", login.server.url("/token")));
        return login.complete(login.server.consent(login.begin("openid", "email")));
    }

    @Test
    void one_that_a_login_alone_asked_for_is_validated_by_the_keys_of_its_issuer() {
        assertThat(await(askingForOpenid()).connection().subject()).hasValue(HostileServer.SUBJECT);
    }

    @Test
    void one_that_a_login_alone_asked_for_must_be_right() {
        login.server.claim("aud", "another-client");

        failure(askingForOpenid(), OAuthError.PROVIDER_ERROR);
        login.assertNothingStored();
    }

    /** A server that issues ID tokens in the names of its tenants. */
    private void issuedFor(String tenants) {
        login.replace(
                new StandardProvider(ProviderDefinition.named("acme")
                        .configure(login.server.settings())
                        .build()) {
                    @Override
                    public Optional<Pattern> idTokenIssuers() {
                        return Optional.of(Pattern.compile("https://as\\.example/" + tenants));
                    }
                });
    }

    @Test
    void one_of_a_tenants_issuer_is_accepted_where_the_provider_has_tenants() {
        issuedFor("[a-z]+");
        login.server.claim("iss", "https://as.example/contoso");

        assertThat(login.logIn().subject()).hasValue(HostileServer.SUBJECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://as.example/1", "https://as.example/contoso/more", "https://evil.example/contoso"})
    void one_of_no_tenant_is_refused(String issuer) {
        issuedFor("[a-z]+");
        login.server.claim("iss", issuer);

        login.refusedLogin(OAuthError.PROVIDER_ERROR);
    }

    static Stream<Arguments> whatIsRight() {
        return Stream.of(
                fault("as it should be", server -> {}, ""),
                fault("expired, but within a minute", claim("exp", seconds(-59)), ""),
                fault("issued by a clock that is fast", claim("iat", seconds(60)), ""),
                fault("valid from within a minute on", claim("nbf", seconds(60)), ""),
                fault("without a hash", claim("at_hash", null), ""),
                fault("this client alone in a list", claim("aud", List.of(HostileServer.CLIENT)), ""),
                fault("this client as authorized party", claim("azp", HostileServer.CLIENT), ""),
                fault(
                        "one of several clients, and authorized",
                        server -> server.idToken(claims -> honest(new JWTClaimsSet.Builder(claims)
                                .audience(List.of("b", HostileServer.CLIENT))
                                .claim("azp", HostileServer.CLIENT)
                                .build())),
                        ""),
                fault("a type that says JWT", header(header -> header.type(JOSEObjectType.JWT)), ""),
                fault(
                        "a key without a name among several",
                        header(header -> header.keyID(null))
                                .andThen(server -> server.keys(SigningKeys.NEXT, SigningKeys.EC, SigningKeys.RSA)),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatIsRight")
    void one_that_is_right_makes_the_connection(String what, Consumer<HostileServer> does, String none) {
        does.accept(login.server);
        Connection connection = login.logIn();

        assertThat(connection.subject()).hasValue(HostileServer.SUBJECT);
        assertThat(connection.account()).hasValue("ada@example.org");
        assertThat(connection.email()).hasValue("ada@example.org");
    }
}
