package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.http.Failure.Refused;
import io.cardea.http.loopback.LoopbackListener;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What login and callback make of a browser's request, and of what core answers. */
class EndpointsTest {

    private Instant now = Instant.EPOCH;
    private final PublicUrl publicUrl = new PublicUrl(Optional.of("https://auth.example.org/cardea"), 8180);
    private final LoginCookie cookie = new LoginCookie(publicUrl);
    private final ResponseSeal seal = new ResponseSeal(() -> now);
    private final RecordedLogins core = new RecordedLogins();
    private final LoopbackListener loopback = new LoopbackListener();
    private final LoginEndpoint login = new LoginEndpoint(core, publicUrl, cookie, loopback);
    private final CallbackEndpoint callback =
            new CallbackEndpoint(core, publicUrl, cookie, seal, new ListedProviders(), new Pages(publicUrl.path()));

    @AfterEach
    void close() {
        loopback.close();
    }

    private Exchange logIn(Exchange exchange) throws Exception {
        login.answer("acme", exchange.request()).get().to(exchange.response());
        return exchange;
    }

    private Exchange comeBack(Exchange exchange) throws Exception {
        callback.answer("acme", exchange.request()).get().to(exchange.response());
        return exchange;
    }

    @Test
    void a_login_sends_the_browser_off_and_leaves_a_cookie() throws Exception {
        Exchange answer = logIn(new Exchange().header("Host", "evil.example"));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.answered("Location")).hasValue("https://as.example/authorize?state=s");
        assertThat(answer.answered("Set-Cookie").orElseThrow()).startsWith("__Secure-cardea-login-id1=sealed;");
        assertThat(answer.answered("Cache-Control")).hasValue("no-store");
        assertThat(answer.answered("Referrer-Policy")).hasValue("no-referrer");
        assertThat(core.begun)
                .containsExactly(new LoginRequest(
                        new ConnectionKey("acme", "default"),
                        List.of(),
                        Optional.empty(),
                        "https://auth.example.org/cardea/oauth/acme/callback"));
    }

    @Test
    void a_login_may_name_connection_scopes_and_return_path() throws Exception {
        logIn(new Exchange()
                .parameter("connection", "work")
                .parameter("scope", "email  repo")
                .parameter("return_to", "/after"));

        LoginRequest request = core.begun.get(0);
        assertThat(request.key()).hasToString("acme/work");
        assertThat(request.scopes()).containsExactly("email", "repo");
        assertThat(request.returnTo()).hasValue("/after");
    }

    @Test
    void a_redirect_uri_that_the_service_insists_on_is_listened_on_and_leads_to_the_callback() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        core.redirectUri = Optional.of("http://localhost:" + port + "/auth/callback");
        logIn(new Exchange());

        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/auth/callback?code=c&state=s"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location"))
                .hasValue("https://auth.example.org/cardea/oauth/acme/callback?code=c&state=s");
    }

    @Test
    void a_person_who_comes_by_another_name_of_this_machine_is_sent_to_the_public_one_first() throws Exception {
        PublicUrl local = new PublicUrl(Optional.empty(), 8180);
        LoginEndpoint here = new LoginEndpoint(core, local, new LoginCookie(local), loopback);
        Exchange person = new Exchange()
                .header("Sec-Fetch-Mode", "navigate")
                .header("Host", "127.0.0.1:8180")
                .parameter("scope", "a b");
        here.answer("acme", person.request()).get().to(person.response());

        assertThat(person.answered("Location")).hasValue("http://localhost:8180/oauth/acme/login?scope=a%20b");
        assertThat(person.answered("Set-Cookie")).isEmpty();
        assertThat(core.begun).isEmpty();
    }

    @Test
    void a_program_is_not_and_neither_is_anybody_behind_a_proxy() throws Exception {
        PublicUrl local = new PublicUrl(Optional.empty(), 8180);
        LoginEndpoint here = new LoginEndpoint(core, local, new LoginCookie(local), loopback);
        here.answer("acme", new Exchange().header("Host", "127.0.0.1:8180").request())
                .get();
        logIn(new Exchange().header("Sec-Fetch-Mode", "navigate").header("Host", "127.0.0.1:8180"));

        assertThat(core.begun).hasSize(2);
    }

    @Test
    void an_empty_parameter_is_as_if_it_were_absent() throws Exception {
        logIn(new Exchange().parameter("connection", "").parameter("scope", " ").parameter("return_to", ""));

        assertThat(core.begun.get(0).key()).hasToString("acme/default");
        assertThat(core.begun.get(0).scopes()).isEmpty();
        assertThat(core.begun.get(0).returnTo()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection", "scope", "return_to"})
    void a_repeated_parameter_is_refused(String name) {
        Exchange exchange = new Exchange().parameter(name, "a", "a");

        assertThatThrownBy(() -> login.answer("acme", exchange.request()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.failure().status()).isEqualTo(400));
        assertThat(core.begun).isEmpty();
    }

    @Test
    void a_misspelled_connection_is_refused_and_does_not_replace_the_default_one() {
        Exchange exchange = new Exchange().parameter("conection", "work");

        assertThatThrownBy(() -> login.answer("acme", exchange.request()))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.failure().description())
                                .isEqualTo("Known parameters are connection, return_to, scope"));
        assertThat(core.begun).isEmpty();
    }

    @Test
    void a_connections_name_that_cannot_be_is_refused() {
        Exchange exchange = new Exchange().parameter("connection", "a/b");

        assertThatThrownBy(() -> login.answer("acme", exchange.request())).isInstanceOf(OAuthException.class);
        assertThat(core.begun).isEmpty();
    }

    @Test
    void a_callback_brings_all_its_parameters_and_the_cookie_that_is_asked_for() throws Exception {
        comeBack(new Exchange()
                .parameter("code", "c", "d")
                .parameter("state", "s")
                .cookie("__Secure-cardea-login-id1", "sealed"));

        LoginCallback seen = core.completed.get(0);
        assertThat(seen.provider()).isEqualTo("acme");
        assertThat(seen.redirectUri()).isEqualTo("https://auth.example.org/cardea/oauth/acme/callback");
        assertThat(seen.parameters()).containsEntry("code", List.of("c", "d")).containsEntry("state", List.of("s"));
        assertThat(seen.sealed().apply("id1")).hasValue("sealed");
        assertThat(seen.sealed().apply("id2")).isEmpty();
    }

    @Test
    void a_completed_login_ends_on_a_page_and_leaves_no_more_than_that() throws Exception {
        Exchange answer = comeBack(new Exchange().parameter("code", "the-code").parameter("state", "the-state"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).contains("ada@example.org").doesNotContain("the-code", "the-state", "sealed");
        assertThat(answer.answered("Set-Cookie").orElseThrow()).startsWith("__Secure-cardea-login-id1=completed;");
    }

    @Test
    void whoever_reloads_that_page_is_told_that_nothing_more_is_to_be_done() throws Exception {
        Exchange again = comeBack(new Exchange()
                .header("Accept", "text/html")
                .parameter("code", "the-code")
                .parameter("state", "id1-and-more")
                .cookie("__Secure-cardea-login-id1", "completed"));

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text())
                .contains("This login is completed already, and nothing more is to be done.")
                .doesNotContain("Start again", "the-code", "id1");
        assertThat(again.answered("Cache-Control")).hasValue("no-store");
        assertThat(core.completed).isEmpty();
    }

    @Test
    void no_other_login_and_no_other_browser_is_told_so() throws Exception {
        comeBack(new Exchange()
                .header("Accept", "text/html")
                .parameter("code", "c")
                .parameter("state", "id2-and-more")
                .cookie("__Secure-cardea-login-id1", "completed"));
        comeBack(new Exchange()
                .header("Accept", "text/html")
                .parameter("code", "c")
                .parameter("state", "id1-and-more"));

        assertThat(core.completed).as("core decides").hasSize(2);
    }

    @Test
    void or_where_it_was_to_return_to_below_the_path_prefix() throws Exception {
        core.returnTo = Optional.of("/after?x=1");
        Exchange answer = comeBack(new Exchange().parameter("code", "c").parameter("state", "s"));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.answered("Location")).hasValue("/cardea/after?x=1");
    }

    private static byte[] form(String text) {
        return text.getBytes(UTF_8);
    }

    private void assertRefused(Exchange exchange) {
        assertThatThrownBy(() -> callback.answer("acme", exchange.request()))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        refused -> assertThat(refused.error()).isEqualTo(OAuthError.INVALID_REQUEST));
        assertThat(core.completed).isEmpty();
    }

    @Test
    void an_answer_that_was_handed_on_is_as_if_it_had_come_in_the_query() throws Exception {
        comeBack(new Exchange()
                .parameter("response", seal.seal("acme", form("code=a%2Bb&state=s&state=t")))
                .cookie("__Secure-cardea-login-id1", "sealed"));

        LoginCallback seen = core.completed.get(0);
        assertThat(seen.parameters()).isEqualTo(Map.of("code", List.of("a+b"), "state", List.of("s", "t")));
        assertThat(seen.sealed().apply("id1")).hasValue("sealed");
    }

    @Test
    void an_answer_that_was_handed_on_stands_alone_in_the_query() {
        String sealed = seal.seal("acme", form("code=c&state=s"));

        assertRefused(new Exchange().parameter("response", sealed).parameter("state", "s"));
        assertRefused(new Exchange().parameter("code", "c").parameter("response", sealed));
        assertRefused(new Exchange().parameter("response", sealed, sealed));
    }

    @Test
    void an_answer_that_was_not_handed_on_here_and_now_is_refused() {
        String sealed = seal.seal("acme", form("code=c&state=s"));

        assertRefused(new Exchange().parameter("response", ""));
        assertRefused(new Exchange().parameter("response", "garbage"));
        assertRefused(new Exchange().parameter("response", seal.seal("other", form("code=c&state=s"))));
        now = now.plusSeconds(60);
        assertRefused(new Exchange().parameter("response", sealed));
    }
}
