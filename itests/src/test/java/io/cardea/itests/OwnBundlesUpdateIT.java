package io.cardea.itests;

import static io.cardea.itests.Answers.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.updater.Updater;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cardea's own bundles are updated in place: a login in its midst and what is stored outlive it, and nobody is told 404. */
class OwnBundlesUpdateIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private CannedServer server;
    private Cardea cardea;

    @BeforeEach
    void start() {
        server = new CannedServer();
        server.answering(
                "/token", "{\"access_token\":\"a-token\",\"token_type\":\"Bearer\",\"refresh_token\":\"again\"}");
        cardea = new Cardea(folder)
                .configure(
                        "acme",
                        "authorization_endpoint = " + server.url() + "/authorize",
                        "token_endpoint = " + server.url() + "/token",
                        "client_id = an-id");
        cardea.start("start");
        Cardea.eventually(PATIENCE, () -> cardea.get("/oauth/acme/login").statusCode() == 302, cardea::log);
    }

    @AfterEach
    void stop() {
        cardea.close();
        server.close();
    }

    private record Begun(String cookie, String state) {}

    private Begun begin() {
        HttpResponse<String> login = cardea.get("/oauth/acme/login");
        return new Begun(
                login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0],
                parameter(Browser.location(login), "state"));
    }

    private HttpResponse<String> comeBack(Begun login) {
        return cardea.get("/oauth/acme/callback?code=a-code&state=" + login.state(), "Cookie", login.cookie());
    }

    private void update(String bundle) throws Exception {
        Path order = Files.writeString(cardea.data().resolve(Updater.FILE), bundle);
        Path jar = ProviderJar.write(folder.resolve("updater.jar"), Updater.class, "1.0.0");
        Files.move(jar, cardea.deploy().resolve("updater.jar"));
        Cardea.eventually(PATIENCE, () -> Cardea.read(order).contains("1 updated"), cardea::log);
    }

    /** How often which status was answered, until it is told to stop. */
    private CompletableFuture<TreeMap<Integer, Integer>> ask(AtomicBoolean enough) {
        return CompletableFuture.supplyAsync(() -> {
            TreeMap<Integer, Integer> statuses = new TreeMap<>();
            while (!enough.get()) {
                HttpResponse<String> answer = cardea.get("/oauth/acme/login");
                statuses.merge(answer.statusCode(), 1, Integer::sum);
                assertThat(answer.statusCode())
                        .as(() -> answer.body() + cardea.log())
                        .isIn(302, 503);
                if (answer.statusCode() == 503) {
                    assertThat(answer.headers().firstValue("Retry-After"))
                            .as(answer.body())
                            .isPresent();
                }
            }
            return statuses;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.cardea.http", "io.cardea.core"})
    void a_login_and_a_credential_outlive_it_and_what_cannot_be_hidden_is_answered_with_503(String bundle)
            throws Exception {
        assertThat(comeBack(begin()).statusCode()).isEqualTo(200);
        Begun inItsMidst = begin();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<TreeMap<Integer, Integer>> asked = ask(enough);
        update(bundle);
        Cardea.eventually(PATIENCE, () -> cardea.get("/oauth/acme/login").statusCode() == 302, cardea::log);
        enough.set(true);

        assertThat(asked.join()).as("how often which status").containsKey(302);
        assertThat(cardea.get("/oauth/acme/token", "Authorization", "Bearer " + cardea.apiKey())
                        .body())
                .contains("a-token");
        assertThat(comeBack(inItsMidst).statusCode()).isEqualTo(200);
    }
}
