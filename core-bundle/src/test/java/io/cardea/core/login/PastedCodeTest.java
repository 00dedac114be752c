package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.Connection;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.ManualLogin;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins whose code a person pastes. */
class PastedCodeTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private HostileSetup login;
    private ManualLogin manual;
    private Map<String, String> answer;

    @BeforeEach
    void open() throws IOException {
        login = new HostileSetup(osgi.context());
        begin();
    }

    private void begin() {
        manual = await(login.flows.beginManual(LoginSetup.request()));
        answer = login.server.consent(URI.create(manual.authorizationUrl()));
    }

    @AfterEach
    void close() {
        login.assertNoSecretIn(log);
        assertThat(log.text()).doesNotContain(answer.get("state"));
        login.close();
    }

    private CompletionStage<Connection> paste(String text) {
        return login.flows.complete(manual.flow(), text);
    }

    private State state() {
        return login.flows.status(manual.flow()).state();
    }

    private String code() {
        return answer.get("code");
    }

    private String page() {
        return page(answer);
    }

    /** The address of the page that the browser ended at. */
    private static String page(Map<String, String> parameters) {
        List<String> query = new ArrayList<>();
        parameters.forEach((name, value) -> query.add(name + "=" + URLEncoder.encode(value, UTF_8)));
        return LoginSetup.REDIRECT_URI + "?" + String.join("&", query);
    }

    /** Another may be tried, for the person has not done what counts. */
    private OAuthException assertRefusedAndPending(String text) {
        OAuthException failure = failure(paste(text), OAuthError.INVALID_REQUEST);
        assertThat(state()).isEqualTo(State.PENDING);
        assertThat(login.server.requests("/token")).isEmpty();
        if (!text.isBlank()) {
            assertThat(failure).hasMessageNotContaining(text);
        }
        return failure;
    }

    @Test
    void the_code_completes_it() {
        Connection connection = await(paste(code()));

        assertThat(connection.subject()).hasValue(HostileServer.SUBJECT);
        assertThat(state()).isEqualTo(State.COMPLETE);
        assertThat(login.setup.connections.list()).hasSize(1);
        assertThat(manual.toString()).doesNotContain(answer.get("state"), manual.flow());
    }

    @Test
    void the_code_with_its_state_completes_it() {
        await(paste(code() + "#" + answer.get("state")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "  %s\n", "%s#", "%s#fragment", "%s&extra=1"})
    void the_address_of_the_page_completes_it(String format) {
        await(paste(String.format(format, page())));
    }

    @Test
    void the_code_is_sent_with_the_redirect_uri_that_the_service_insists_on() {
        login.configure(Map.of("redirect_uri", "https://acme.example/code"));
        begin();
        await(paste(code()));

        assertThat(login.server.requests("/token").get(0).form())
                .containsEntry("redirect_uri", "https://acme.example/code");
    }

    @Test
    void the_state_of_another_login_is_refused() {
        assertThat(assertRefusedAndPending(code() + "#of-another-login")).hasMessageContaining("another login");
        await(paste(code()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s#", "#%s", "#", "%s#a#b"})
    void half_of_code_and_state_is_refused(String format) {
        assertRefusedAndPending(String.format(format, code()));
    }

    @Test
    void the_address_of_another_login_is_refused() {
        String other = page(login.consent());

        assertThat(assertRefusedAndPending(other)).hasMessageContaining("another login");
        await(paste(page()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "http://localhost:8180/oauth/acme/callback",
                "http://localhost:8180/oauth/acme/callback?",
                "http://localhost:8180/oauth/acme/callback?code=the-code-1",
                "http://localhost:8180/oauth/acme/callback#code=the-code-1&state=x",
                "http://localhost:8180/oauth/acme/callback#?code=the-code-1&state=x",
                "http://localhost:8180/oauth/acme/callback?code=%zz&state=x",
                "http://localhost:8180/oauth/acme/callback?code=the-code-1%",
                "http://localhost:8180/oauth/acme/callback?error=access_denied",
                "http://localhost:8180/oauth/acme/callback?&&&===",
                "the-code-1\nand more",
                "the-code-1\u0000",
                "\u202ethe-code-1",
                "c\u00f6de"
            })
    void what_cannot_be_right_is_refused_and_another_may_be_tried(String text) {
        assertRefusedAndPending(text);
        await(paste(code()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"&code=another", "&state=another", "&error=access_denied", "&code=", "&iss=&iss="})
    void what_is_repeated_or_contradicts_itself_is_refused(String more) {
        assertRefusedAndPending(page() + more);
    }

    @Test
    void a_text_without_end_is_refused() {
        assertRefusedAndPending("x".repeat(8193));
        assertRefusedAndPending(page() + "&x=" + "x".repeat(8192));
    }

    @Test
    void a_denial_in_the_address_ends_it() {
        answer.remove("code");
        answer.put("error", "access_denied");
        failure(paste(page()), OAuthError.ACCESS_DENIED);

        assertThat(state()).isEqualTo(State.DENIED);
        assertThat(login.server.requests("/token")).isEmpty();
    }

    @Test
    void a_denial_of_another_login_does_not() {
        assertRefusedAndPending(LoginSetup.REDIRECT_URI + "?error=access_denied&state=another");
    }

    @Test
    void where_each_answer_says_who_gives_it_a_bare_code_need_not_but_a_whole_address_must() throws IOException {
        login.close();
        login = new HostileSetup(osgi.context());
        login.server.announcingIssuer();
        begin();
        await(login.flows.complete(manual.flow(), code()));

        begin();
        answer.remove("iss");
        failure(login.flows.complete(manual.flow(), page()), OAuthError.INVALID_REQUEST);
    }

    @Test
    void an_answer_of_another_issuer_is_not_sent_on() {
        answer.put("iss", "https://evil.example");

        failure(paste(page()), OAuthError.INVALID_REQUEST);
        assertThat(login.server.requests("/token")).isEmpty();
    }

    @Test
    void it_is_completed_once() {
        await(paste(code()));

        failure(paste(code()), OAuthError.INVALID_REQUEST);
        assertThat(state()).isEqualTo(State.COMPLETE);
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void of_many_who_paste_at_once_one_completes_it() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<Boolean>> pastes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                pastes.add(CompletableFuture.supplyAsync(
                                () -> {
                                    awaitQuietly(start);
                                    return paste(page());
                                },
                                threads)
                        .thenCompose(stage -> stage)
                        .handle((connection, thrown) -> thrown == null));
            }
            start.countDown();

            assertThat(pastes.stream().filter(paste -> await(paste))).hasSize(1);
            assertThat(login.server.requests("/token")).hasSize(1);
            assertThat(state()).isEqualTo(State.COMPLETE);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_code_that_the_server_refuses_ends_it_for_it_may_have_been_used() {
        assertThat(failure(paste("no-code-of-this-server"), OAuthError.PROVIDER_ERROR))
                .hasMessage(
                        "The provider refused the code (invalid_grant): it has expired or was used already. Start the login again");
        assertThat(state()).isEqualTo(State.FAILED);

        failure(paste(code()), OAuthError.INVALID_REQUEST);
        assertThat(login.server.requests("/token")).hasSize(1);
    }

    @Test
    void it_expires() {
        login.clock.pass(LoginSetup.LIFETIME);
        assertThat(state()).isEqualTo(State.EXPIRED);

        failure(paste(code()), OAuthError.INVALID_REQUEST);
        assertThat(login.server.requests("/token")).isEmpty();
        login.clock.pass(Duration.ofMinutes(11));
        failure(paste(code()), OAuthError.UNKNOWN_FLOW);
    }

    @Test
    void nobody_completes_a_login_that_is_unknown() {
        failure(login.flows.complete("unknown", code()), OAuthError.UNKNOWN_FLOW);
    }

    @Test
    void a_provider_that_is_away_leaves_it_for_another_try() {
        login.withdraw();
        failure(paste(code()), OAuthError.UNKNOWN_PROVIDER);
        assertThat(state()).isEqualTo(State.PENDING);
        login.configure(Map.of());

        await(paste(code()));
    }

    @Test
    void a_provider_that_became_another_server_does_not_get_the_code() throws IOException {
        try (HostileServer other = new HostileServer(login.clock)) {
            login.configure(Map.of("issuer", other.issuer()));

            failure(paste(code()), OAuthError.INVALID_REQUEST);
            assertThat(other.requests("/token")).isEmpty();
            assertThat(state()).isEqualTo(State.FAILED);
        }
    }

    @Test
    void it_does_not_complete_in_a_browser_and_a_browsers_login_not_by_pasting() {
        login.assertRefusedUnasked(login.complete(answer));
        answer = login.consent();

        assertRefusedAndPending(page());
    }

    @Test
    void a_provider_that_only_knows_devices_gives_no_code_to_paste() {
        login.configure(Map.of(
                "issuer",
                "",
                "token_endpoint",
                login.server.url("/token"),
                "device_authorization_endpoint",
                login.server.url("/device")));

        failure(login.flows.beginManual(LoginSetup.request()), OAuthError.INVALID_REQUEST);
    }

    @Test
    void an_id_token_of_another_login_ends_it() {
        login.server.claim("nonce", "another");
        failure(paste(code()), OAuthError.PROVIDER_ERROR);

        assertThat(state()).isEqualTo(State.FAILED);
        login.assertNothingStored();
    }

    @Test
    void a_server_that_fails_ends_it_with_the_reason() {
        login.server.answer("/token", Answer.json(500, "<html>"));
        failure(paste(code()), OAuthError.PROVIDER_ERROR);

        assertThat(login.flows.status(manual.flow()).failure())
                .hasValueSatisfying(why -> assertThat(why.error()).isEqualTo(OAuthError.PROVIDER_ERROR));
    }
}
