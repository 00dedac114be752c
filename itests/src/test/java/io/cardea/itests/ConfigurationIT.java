package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.cardea.itests.acme.AcmeProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers are configured by files in the deploy folder, while Cardea runs. */
class ConfigurationIT {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    static Path folder;

    private static Cardea cardea;

    @BeforeAll
    static void start() {
        cardea = new Cardea(folder).with("ITEST_SECRET", "from-the-environment");
        cardea.start("start");
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    @AfterEach
    void emptyTheDeployFolder() throws IOException {
        try (var files = Files.list(cardea.deploy())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        untilGithub(503);
    }

    @Test
    void a_provider_comes_alive_when_it_is_configured_and_lies_down_when_it_is_not() throws Exception {
        untilGithub(503);

        configure("github", "client_id = my-app\nclient_secret = $[env:ITEST_SECRET]\nscope = read:user repo\n");

        untilGithub(302);
        assertThat(cardea.get("/oauth/github/login")
                        .headers()
                        .firstValue("Location")
                        .orElseThrow())
                .startsWith("https://github.com/login/oauth/authorize?")
                .contains("client_id=my-app", "scope=read%3Auser%20repo");
    }

    @Test
    void a_reference_that_leads_nowhere_is_named() throws Exception {
        configure("github", "client_id = my-app\nclient_secret = $[secret:itest-nowhere]\n");

        Cardea.eventually(
                SOON,
                () -> cardea.get("/oauth/github/login").body().contains("there is no file conf/secrets/itest-nowhere"),
                cardea::log);
        assertThat(cardea.get("/oauth/github/login").statusCode()).isEqualTo(503);
    }

    @Test
    void an_unknown_key_is_refused_by_name() throws Exception {
        configure("github", "client_id = my-app\nclient_secrte = oops\n");

        Cardea.eventually(
                SOON,
                () -> cardea.log()
                        .contains(
                                "Configuration of provider github: unknown key client_secrte; did you mean client_secret?"),
                cardea::log);
        assertThat(Cardea.read(cardea.data().resolve("log/console.log"))).contains("did you mean client_secret?");
        assertThat(cardea.log()).doesNotContain("oops");
        assertThat(cardea.get("/oauth/providers").statusCode()).isEqualTo(200);
    }

    @Test
    void a_file_that_nobody_reads_is_told_of_with_the_name_that_it_should_have() throws Exception {
        for (String file :
                new String[] {"io.cardea.providers~acme.cfg", "io.cardea.provider.acme.cfg", "cardea.provider~acme.cfg"
                }) {
            Files.writeString(cardea.deploy().resolve(file), "client_id = my-app\n");
            Cardea.eventually(
                    Duration.ofSeconds(10),
                    () -> cardea.log()
                            .contains("No component reads " + file
                                    + ", so it has no effect. A provider that is only data is"
                                    + " configured in io.cardea.provider~acme.cfg"),
                    cardea::log);
        }
        Files.writeString(cardea.deploy().resolve("io.cardea.provider~acme.json"), "{}");
        Cardea.eventually(
                SOON,
                () -> cardea.log()
                        .contains("io.cardea.provider~acme.json is not deployed: a configuration is a .cfg file"),
                cardea::log);
    }

    @Test
    void a_secret_is_read_from_its_file_and_sent_to_the_provider_alone() throws Exception {
        Path secret = Path.of(System.getProperty("cardea.distribution"), "conf/secrets/itest-acme");
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, "from-the-file");
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer tokenEndpoint = tokenEndpoint(received);
        try {
            ProviderJar.write(cardea.deploy().resolve("acme.jar"), AcmeProvider.class, "1.0.0");
            configure(
                    "acme",
                    "client_id = configured\ntoken_endpoint = http://127.0.0.1:"
                            + tokenEndpoint.getAddress().getPort() + "/token\nclient_secret = $[secret:itest-acme]\n");
            // The jar may be taken before the configuration is.
            Cardea.eventually(
                    SOON,
                    () -> cardea.get("/oauth/acme/login")
                            .headers()
                            .firstValue("Location")
                            .orElse("")
                            .contains("client_id=configured"),
                    cardea::log);

            HttpResponse<String> login = cardea.get("/oauth/acme/login");
            HttpResponse<String> callback = cardea.get(
                    "/oauth/acme/callback?code=a-code&state=" + state(login),
                    "Cookie",
                    login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0]);

            assertThat(callback.statusCode()).as(callback.body()).isEqualTo(200);
            assertThat(received.poll(5, TimeUnit.SECONDS))
                    .contains("client_secret=from-the-file", "code=a-code", "code_verifier=");
            try (var files = Files.walk(cardea.data())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain("from-the-file");
                }
            }
        } finally {
            tokenEndpoint.stop(0);
            Files.delete(secret);
        }
    }

    private static HttpServer tokenEndpoint(BlockingQueue<String> received) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            byte[] answer = "{\"access_token\":\"a-token\",\"token_type\":\"Bearer\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String state(HttpResponse<String> login) {
        Matcher state = Pattern.compile("[?&]state=([^&]+)")
                .matcher(login.headers().firstValue("Location").orElseThrow());
        assertThat(state.find()).isTrue();
        return state.group(1);
    }

    private static void configure(String provider, String properties) throws IOException {
        Files.writeString(cardea.deploy().resolve("io.cardea.provider." + provider + ".cfg"), properties);
    }

    private static void untilGithub(int status) {
        Cardea.eventually(SOON, () -> cardea.get("/oauth/github/login").statusCode() == status, cardea::log);
    }
}
