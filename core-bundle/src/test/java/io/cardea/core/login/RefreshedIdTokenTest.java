package io.cardea.core.login;

import static io.cardea.core.fixture.SigningKeys.signed;
import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.SigningKeys;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An ID token that comes with a refresh must be of the same person (OpenID Connect Core, section 12.2). */
class RefreshedIdTokenTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private HostileSetup login;

    @BeforeEach
    void open() throws IOException {
        login = new HostileSetup(osgi.context());
        login.logIn();
    }

    @AfterEach
    void close() {
        login.assertNoSecretIn(log);
        login.close();
    }

    private String stored() {
        return await(login.setup.connections.accessToken("acme", "default")).value();
    }

    private String refreshed() {
        return await(login.setup.connections.refresh("acme", "default")).value();
    }

    private String lastRefreshToken() {
        int requests = login.server.requests("/token").size();
        return login.server.requests("/token").get(requests - 1).form().get("refresh_token");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("another subject", server -> server.claim("sub", "somebody-else")),
                fault("another issuer", server -> server.claim("iss", "https://evil.example")),
                fault("another client", server -> server.claim("aud", "another-client")),
                fault("an end that has passed", server -> server.claim("exp", 1)),
                fault("another access token's hash", server -> server.claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
                fault("no subject", server -> server.claim("sub", null)),
                fault(
                        "another key",
                        server -> server.idToken(claims -> signed(JWSAlgorithm.RS256, SigningKeys.FOREIGN, claims))),
                fault("garbage", server -> server.idToken(claims -> "garbage")));
    }

    private static Arguments fault(String what, Consumer<HostileServer> does) {
        return Arguments.of(what, does);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void one_that_is_not_right_changes_nothing(String what, Consumer<HostileServer> fault) {
        String before = stored();
        fault.accept(login.server);

        failure(login.setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void one_that_is_right_needs_no_nonce() {
        String before = stored();

        assertThat(refreshed()).isNotEqualTo(before).isEqualTo(stored());
    }

    @Test
    void a_refresh_may_come_without_one_and_the_person_is_remembered() {
        login.server.tokenAnswer(answer -> answer.remove("id_token"));
        refreshed();
        login.server.tokenAnswer(answer -> {}).claim("sub", "somebody-else");

        failure(login.setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
    }

    /** The old refresh token may be spent by now: to throw the new one away would end the connection. */
    @Test
    void while_the_keys_cannot_be_had_the_tokens_are_kept_and_the_id_token_is_not() {
        String before = stored();
        // As after a restart: nothing is known of the keys.
        login.configure(Map.of());
        login.server.answer("/jwks", Answer.json(503, "")).claim("sub", "somebody-else");
        assertThat(refreshed()).isNotEqualTo(before).isEqualTo(stored());
        refreshed();
        assertThat(lastRefreshToken()).as("the one that came last").isNotEqualTo("the-refresh-token-2");

        login.configure(Map.of());
        login.server.answer("/jwks", login.server.keySet());
        failure(login.setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);
    }
}
