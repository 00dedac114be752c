package io.cardea.itests;

import static io.cardea.itests.Answers.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of logins when Cardea is killed in their midst and started again. */
class RestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private CannedServer server;
    private Cardea cardea;

    @BeforeEach
    void start() {
        server = new CannedServer();
        cardea = new Cardea(folder)
                .configure(
                        "acme",
                        "authorization_endpoint = " + server.url() + "/authorize",
                        "token_endpoint = " + server.url() + "/token",
                        "client_id = an-id");
        cardea.start("start");
        untilAcmeIsHere();
        // From now on always the same, for browsers come back to it.
        cardea.with("CARDEA_HTTP_PORT", String.valueOf(URI.create(cardea.url()).getPort()));
    }

    @AfterEach
    void stop() {
        cardea.kill();
        server.close();
    }

    @Test
    void a_login_outlives_a_crash_and_its_code_is_sent_once_whatever_crashes_afterwards() {
        Begun completed = begin();
        Begun interrupted = begin();
        crash();

        server.answering("/token", "{\"access_token\":\"a-token\",\"token_type\":\"Bearer\"}");
        HttpResponse<String> page = comeBack(completed);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(page.body()).contains("You are logged in");
        assertThat(server.lastAsked("/token").body()).contains("code=a-code", "code_verifier=");

        server.silentAt("/token");
        CompletableFuture<HttpResponse<String>> never = CompletableFuture.supplyAsync(() -> comeBack(interrupted));
        Cardea.eventually(PATIENCE, () -> server.asked("/token").size() == 2, cardea::log);
        crash();
        assertThat(never).failsWithin(PATIENCE);

        server.answering("/token", "{\"access_token\":\"another-token\",\"token_type\":\"Bearer\"}");
        assertRefused(comeBack(completed));
        assertRefused(comeBack(interrupted));
        assertThat(server.asked("/token")).hasSize(2);
    }

    /** A login as the browser keeps it. */
    private record Begun(String cookie, String state) {}

    private Begun begin() {
        HttpResponse<String> login = cardea.get("/oauth/acme/login");
        return new Begun(
                login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0],
                parameter(Browser.location(login), "state"));
    }

    private HttpResponse<String> comeBack(Begun login) {
        return cardea.get(
                "/oauth/acme/callback?code=a-code&state=" + login.state(),
                "Cookie",
                login.cookie(),
                "Accept",
                "text/html");
    }

    private void crash() {
        String url = cardea.url();
        cardea.kill();
        cardea.start("start");
        assertThat(cardea.url()).isEqualTo(url);
        untilAcmeIsHere();
    }

    private void untilAcmeIsHere() {
        Cardea.eventually(PATIENCE, () -> cardea.get("/oauth/acme/login").statusCode() == 302, cardea::log);
    }

    private static void assertRefused(HttpResponse<String> page) {
        assertThat(page.statusCode()).as(page.body()).isEqualTo(400);
        assertThat(page.body()).contains("This login has ended already", "Start again");
    }
}
