package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ProviderServices;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderInfo;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoginServiceTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private LoginSetup setup;

    @BeforeEach
    void open() {
        setup = new LoginSetup(osgi.context());
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void a_login_goes_out_and_comes_back_as_a_connection() {
        AuthorizationRequest request = setup.begin();
        CompletedLogin login = await(setup.complete("code", "the-code", "state", request.state()));

        Connection connection = login.connection();
        assertThat(connection.key()).isEqualTo(new ConnectionKey("acme", "default"));
        assertThat(connection.subject()).hasValue("42");
        assertThat(connection.account()).hasValue("ada@example.org");
        assertThat(login.returnTo()).isEmpty();
        assertThat(setup.cookies).containsOnlyKeys(login.id());
        assertThat(setup.connections.list()).extracting(Connection::key).containsExactly(connection.key());
        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-1");
    }

    @Test
    void a_login_that_no_cookie_can_hold_is_refused_before_it_begins() {
        assertThat(failure(setup.logins.begin(LoginSetup.request("x".repeat(4000))), OAuthError.INVALID_REQUEST))
                .extracting(Throwable::getMessage)
                .asString()
                .contains("too long");
    }

    @Test
    void what_is_left_with_the_browser_tells_neither_state_nor_verifier() {
        BegunLogin login = await(setup.logins.begin(LoginSetup.request()));
        setup.cookies.put(login.id(), login.sealed());
        String state = setup.acme.authorizationRequests.get(0).state();
        await(setup.complete("code", "the-code", "state", state));
        String verifier = setup.acme.exchanged.get(0).codeVerifier().orElseThrow();

        assertThat(login.sealed()).doesNotContain(state, verifier);
        assertThat(login.lifetime()).isEqualTo(LoginSetup.LIFETIME);
        assertThat(login.toString()).doesNotContain(state, login.sealed());
        assertThat(state).startsWith(login.id()).isNotEqualTo(login.id());
        // The id is seen in cookie names; what it leaves of state is still more than anyone guesses.
        assertThat(Base64.getUrlDecoder().decode(state).length * 8 - login.id().length() * 6)
                .isGreaterThanOrEqualTo(128);
        assertThat(log.text()).doesNotContain(state, verifier, "the-code", "access-1", "refresh-1");
    }

    @Test
    void state_and_verifier_are_random_and_have_nothing_to_do_with_each_other() {
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            String state = setup.begin().state();
            await(setup.complete("code", "the-code", "state", state));
            String verifier = setup.acme.exchanged.get(i).codeVerifier().orElseThrow();
            assertThat(Base64.getUrlDecoder().decode(state)).hasSizeGreaterThanOrEqualTo(16);
            // RFC 7636, section 4.1
            assertThat(verifier).matches("[A-Za-z0-9._~-]{43,128}").doesNotContain(state);
            secrets.add(state);
            secrets.add(verifier);
        }
        assertThat(secrets).hasSize(400);
    }

    @Test
    void the_code_challenge_is_the_s256_of_the_verifier() throws Exception {
        AuthorizationRequest request = setup.begin();
        await(setup.complete("code", "the-code", "state", request.state()));

        String verifier = setup.acme.exchanged.get(0).codeVerifier().orElseThrow();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
        assertThat(request.codeChallenge())
                .hasValue(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    }

    @Test
    void the_redirect_uri_is_the_same_in_both_requests() {
        AuthorizationRequest request = setup.begin();
        await(setup.complete("code", "the-code", "state", request.state()));

        AuthorizationCode code = setup.acme.exchanged.get(0);
        assertThat(request.redirectUri()).isEqualTo(LoginSetup.REDIRECT_URI);
        assertThat(code.redirectUri()).isEqualTo(LoginSetup.REDIRECT_URI);
        assertThat(code.code()).isEqualTo("the-code");
        assertThat(code.state()).isEqualTo(request.state());
    }

    @Test
    void a_provider_without_pkce_gets_neither_challenge_nor_verifier() {
        republish(TestProvider.withoutPkce("acme"));
        AuthorizationRequest request = setup.begin();
        await(setup.complete("code", "the-code", "state", request.state()));

        assertThat(request.codeChallenge()).isEmpty();
        assertThat(setup.acme.exchanged.get(0).codeVerifier()).isEmpty();
    }

    @Test
    void the_scopes_that_the_provider_granted_are_stored() {
        setup.acme.exchange(code ->
                CompletableFuture.completedFuture(Credential.bearer("access").withScopes(List.of("granted"))));
        AuthorizationRequest request = setup.begin(LoginSetup.request("asked"));

        assertThat(await(setup.complete("code", "c", "state", request.state()))
                        .connection()
                        .scopes())
                .containsExactly("granted");
    }

    @Test
    void scopes_that_the_provider_does_not_mention_are_those_that_were_asked_for() {
        AuthorizationRequest asked = setup.begin(LoginSetup.request("repo", "gist"));
        assertThat(asked.scopes()).containsExactly("repo", "gist");
        assertThat(await(setup.complete("code", "c", "state", asked.state()))
                        .connection()
                        .scopes())
                .containsExactly("repo", "gist");

        AuthorizationRequest byDefault = setup.begin();
        assertThat(await(setup.complete("code", "c", "state", byDefault.state()))
                        .connection()
                        .scopes())
                .containsExactly("email");
    }

    @Test
    void connection_and_return_path_come_back_with_the_login() {
        AuthorizationRequest request = setup.begin(new LoginRequest(
                new ConnectionKey("acme", "work"), List.of(), Optional.of("/after?x=1"), LoginSetup.REDIRECT_URI));
        CompletedLogin login = await(setup.complete("code", "c", "state", request.state()));

        assertThat(login.connection().key()).hasToString("acme/work");
        assertThat(login.returnTo()).hasValue("/after?x=1");
    }

    @Test
    void many_logins_of_one_browser_complete_in_any_order() {
        List<String> states = List.of(
                setup.begin().state(), setup.begin().state(), setup.begin().state());
        assertThat(setup.cookies).hasSize(3);

        for (int tab : new int[] {1, 2, 0}) {
            await(setup.complete("code", "code-" + tab, "state", states.get(tab)));
        }
        assertThat(setup.acme.exchanged)
                .extracting(AuthorizationCode::code)
                .containsExactly("code-1", "code-2", "code-0");
    }

    @Test
    void a_second_login_takes_the_connections_place() {
        for (String token : List.of("first", "second")) {
            setup.acme.exchange(code -> CompletableFuture.completedFuture(Credential.bearer(token)));
            await(setup.complete("code", "c", "state", setup.begin().state()));
        }

        assertThat(setup.connections.list()).hasSize(1);
        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("second");
    }

    @Test
    void a_return_path_that_leads_elsewhere_is_refused_before_the_provider_is_asked() {
        LoginRequest request = new LoginRequest(
                new ConnectionKey("acme", "default"), List.of(), Optional.of("//evil.example"), "http://x/callback");

        assertThat(failure(setup.logins.begin(request), OAuthError.INVALID_REQUEST))
                .hasMessageContaining("return_to")
                .hasMessageNotContaining("evil");
        assertThat(setup.acme.authorizationRequests).isEmpty();
    }

    @Test
    void nobody_logs_in_to_a_provider_that_is_not_here() {
        setup.registration.unregister();

        failure(setup.logins.begin(LoginSetup.request()), OAuthError.UNKNOWN_PROVIDER);
    }

    @Test
    void a_provider_that_lacks_something_says_what() {
        republish(TestProvider.unavailable("acme", "Set client_id in the file."));

        assertThat(failure(setup.logins.begin(LoginSetup.request()), OAuthError.PROVIDER_UNAVAILABLE))
                .hasMessage("Set client_id in the file.");
        assertThat(setup.acme.authorizationRequests).isEmpty();
    }

    @Test
    void a_provider_without_a_login_in_the_browser_says_so() {
        republish(TestProvider.withoutBrowserLogin("acme"));

        failure(setup.logins.begin(LoginSetup.request()), OAuthError.INVALID_REQUEST);
    }

    private void republish(ProviderInfo info) {
        setup.acme.info(info);
        setup.registration.setProperties(ProviderServices.ranking(1));
    }
}
