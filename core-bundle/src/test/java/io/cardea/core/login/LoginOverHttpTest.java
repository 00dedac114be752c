package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.Connection;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole way: an ordinary provider, a real authorization server, nothing in between left out but the browser. */
class LoginOverHttpTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private LocalServer server;
    private LoginSetup setup;

    @BeforeEach
    void open() throws IOException {
        server = new LocalServer();
        setup = new LoginSetup(osgi.context());
        setup.registration.unregister();
        setup.services.publish(
                new StandardProvider(ProviderDefinition.named("acme")
                        .authorizationEndpoint(server.url("/authorize"))
                        .tokenEndpoint(server.url("/token"))
                        .userinfoEndpoint(server.url("/me"))
                        .revocationEndpoint(server.url("/revoke"))
                        .scope("email")
                        .set("client_id", "the-client")
                        .set("client_secret", "the-client-secret")
                        .build()) {});
    }

    @AfterEach
    void close() {
        setup.close();
        server.close();
    }

    /** The query of the authorization URL that the browser is sent to. */
    private Map<String, String> begin() {
        BegunLogin login = await(setup.logins.begin(LoginSetup.request()));
        setup.cookies.put(login.id(), login.sealed());
        return Arrays.stream(URI.create(login.authorizationUrl()).getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    @Test
    void a_login_a_refresh_and_a_revocation_ask_the_server_what_they_should() throws Exception {
        server.answer(
                        "/token",
                        request -> Answer.json(
                                200,
                                request.form().get("grant_type").equals("refresh_token")
                                        ? "{\"access_token\":\"access-2\",\"expires_in\":3600}"
                                        : "{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-1\",\"expires_in\":3600}"))
                .answer("/me", Answer.json(200, "{\"sub\":\"42\",\"email\":\"ada@example.org\"}"))
                .answer("/revoke", Answer.json(200, ""));
        Map<String, String> authorization = begin();
        Connection connection = await(setup.complete("code", "the-code", "state", authorization.get("state")))
                .connection();
        await(setup.connections.refresh("acme", "default"));
        await(setup.connections.revoke("acme", "default"));

        assertThat(connection.account()).hasValue("ada@example.org");
        assertThat(connection.scopes()).containsExactly("email");
        assertThat(server.requests())
                .extracting(LocalServer.Request::path)
                .containsExactly("/token", "/me", "/token", "/revoke");
        Map<String, String> exchange = server.requests().get(0).form();
        assertThat(exchange)
                .containsEntry("code", "the-code")
                .containsEntry("client_secret", "the-client-secret")
                .containsEntry("redirect_uri", authorization.get("redirect_uri"))
                .containsEntry("redirect_uri", LoginSetup.REDIRECT_URI);
        assertThat(challenge(exchange.get("code_verifier"))).isEqualTo(authorization.get("code_challenge"));
        assertThat(server.requests().get(2).form()).containsEntry("refresh_token", "refresh-1");
        assertThat(server.requests().get(3).form()).containsEntry("token", "refresh-1");
        assertThat(log.text())
                .doesNotContain(
                        "the-code",
                        "the-client-secret",
                        "access-1",
                        "refresh-1",
                        authorization.get("state"),
                        exchange.get("code_verifier"));
    }

    private static String challenge(String verifier) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
    }

    @Test
    void a_code_that_the_server_refuses_is_told_with_its_reason_and_without_the_code() {
        server.answer(
                "/token",
                Answer.json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"The code has expired.\"}"));
        OAuthException failure =
                failure(setup.complete("code", "the-code", "state", begin().get("state")), OAuthError.PROVIDER_ERROR);

        assertThat(failure)
                .hasMessage(
                        "The provider refused the code (invalid_grant): it has expired or was used already. Start the login again");
        assertThat(setup.connections.list()).isEmpty();
    }

    @Test
    void a_token_endpoint_that_is_not_there_is_named_with_what_was_being_done() {
        String state = begin().get("state");
        String address = URI.create(server.url("/")).getAuthority();
        server.close();

        assertThat(failure(setup.complete("code", "the-code", "state", state), OAuthError.PROVIDER_ERROR))
                .hasMessageStartingWith("The token request failed: " + address + " could not be reached.")
                .hasMessageNotContaining("the-code");
    }

    @Test
    void a_login_succeeds_though_the_userinfo_endpoint_does_not_answer_well() {
        server.answer("/token", Answer.json(200, "{\"access_token\":\"access-1\"}"))
                .answer("/me", Answer.json(500, "<html>"));
        Connection connection = await(setup.complete("code", "the-code", "state", begin().get("state")))
                .connection();

        assertThat(connection.account()).isEmpty();
        assertThat(setup.connections.list()).hasSize(1);
    }

    @Test
    void a_server_that_is_gone_is_a_provider_error() {
        String state = begin().get("state");
        server.close();

        failure(setup.complete("code", "the-code", "state", state), OAuthError.PROVIDER_ERROR);
        assertThat(log.text()).doesNotContain("the-code", state);
    }
}
