package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.acme.AcmeProvider;
import io.cardea.itests.startup.Startup;
import io.cardea.itests.unable.UnableProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is put in the place of a jar that runs, the provider serves: the one before, until the other can. */
class SafeDeployIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration BOUNDED = Duration.ofSeconds(25);
    private static final String ACME = "io.cardea.itests.acme";

    @TempDir
    static Path folder;

    private static Cardea cardea;
    private static CannedServer server;
    private static Path jars;

    private EventListener events;

    @BeforeAll
    static void start() throws IOException {
        server = new CannedServer();
        cardea = new Cardea(folder);
        Files.writeString(
                cardea.deploy().resolve("io.cardea.provider.acme.cfg"),
                "token_endpoint = " + server.url() + "/token\nclient_auth = none\n");
        cardea.start("start");
        jars = Files.createDirectory(folder.resolve("jars"));
    }

    @AfterAll
    static void stop() {
        cardea.close();
        server.close();
    }

    @BeforeEach
    void deployTheFirst() throws Exception {
        server.answering("/token", "{\"access_token\":\"a-token\",\"token_type\":\"Bearer\"}");
        deploy(acme("1.0.0"));
        untilVersion("1.0.0");
        events = new EventListener(cardea, "/oauth/events");
    }

    @AfterEach
    void withdraw() throws IOException {
        events.close();
        Files.deleteIfExists(cardea.deploy().resolve("acme.jar"));
        Cardea.eventually(SOON, () -> login().statusCode() == 404, cardea::log);
    }

    private static Path acme(String version, String... headers) throws Exception {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return ProviderJar.write(jars.resolve("acme-" + version + ".jar"), ACME, AcmeProvider.class, version, all);
    }

    private static void deploy(Path jar) throws IOException {
        Files.copy(jar, cardea.deploy().resolve("acme.jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static HttpResponse<String> login() {
        return cardea.get("/oauth/acme/login");
    }

    private static boolean isVersion(String version) {
        return cardea.get("/oauth/providers").body().contains("\"plugin_version\":\"" + version + '"');
    }

    private static void untilVersion(String version) {
        Cardea.eventually(SOON, () -> isVersion(version), cardea::log);
    }

    private static HttpResponse<String> callback(HttpResponse<String> login) {
        String state = Answers.parameter(Browser.location(login), "state");
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        return cardea.get("/oauth/acme/callback?code=a-code&state=" + state, "Cookie", cookie);
    }

    private void assertRefused(String why) {
        Cardea.eventually(
                BOUNDED,
                () -> events.heard("deployment.failed", "acme.jar: " + why, ACME + " 1.0.0 runs on in its place"),
                () -> events.text() + cardea.log());
        assertThat(isVersion("1.0.0")).isTrue();
        assertThat(login().statusCode()).isEqualTo(302);
        assertThat(cardea.log()).contains("acme.jar is not deployed: " + why);
        Cardea.eventually(
                SOON,
                () -> Cardea.read(cardea.data().resolve("audit.log"))
                        .lines()
                        .anyMatch(line -> line.contains("\"deployment.failed\"") && line.contains("acme.jar: " + why)),
                () -> Cardea.read(cardea.data().resolve("audit.log")));
        assertThat(events.heard("provider.departed")).isFalse();
    }

    @Test
    void a_jar_that_arrives_in_pieces_waits_until_it_is_whole() throws Exception {
        byte[] whole = Files.readAllBytes(acme("2.0.0"));
        Path target = cardea.deploy().resolve("acme.jar");
        Files.write(target, new byte[0]);
        int piece = whole.length / 4 + 1;
        for (int from = 0; from < whole.length; from += piece) {
            assertThat(login().statusCode()).isEqualTo(302);
            assertThat(isVersion("1.0.0")).isTrue();
            // Long enough for the folder to be scanned twice.
            Thread.sleep(700);
            try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.APPEND)) {
                out.write(whole, from, Math.min(piece, whole.length - from));
            }
        }

        untilVersion("2.0.0");
        assertThat(events.heard("deployment.failed")).isFalse();
        events.until("deployment.completed", "acme.jar: " + ACME + " 2.0.0");
    }

    @Test
    void a_broken_jar_is_told_and_the_one_before_serves() throws Exception {
        byte[] whole = Files.readAllBytes(acme("2.0.0"));
        Files.write(cardea.deploy().resolve("acme.jar"), Arrays.copyOf(whole, whole.length / 2));

        assertRefused("it is no readable jar");
    }

    @Test
    void one_that_does_not_resolve_is_told_and_the_one_before_serves() throws Exception {
        deploy(acme("2.0.0", "Require-Capability", "no.such.thing"));

        assertRefused(ACME + " 2.0.0 cannot start: Unable to resolve");
    }

    @Test
    void one_whose_start_throws_is_told_and_the_one_before_serves() throws Exception {
        deploy(withStartup("throws"));

        assertRefused(ACME + " 2.0.0 cannot start: its activator fails (java.lang.IllegalStateException at");
    }

    @Test
    void one_whose_start_hangs_is_told_and_the_one_before_serves() throws Exception {
        deploy(withStartup("hangs"));

        assertRefused(ACME + " 2.0.0 cannot start: it hangs, and is left to itself after 15 s");
    }

    private static Path withStartup(String how) throws Exception {
        return acme(
                "2.0.0",
                "Private-Package",
                AcmeProvider.class.getPackageName() + "," + Startup.class.getPackageName(),
                "Bundle-Activator",
                Startup.class.getName(),
                "Test-Start",
                how);
    }

    @Test
    void one_whose_component_cannot_be_activated_is_told_and_the_one_before_serves() throws Exception {
        deploy(ProviderJar.write(jars.resolve("unable.jar"), ACME, UnableProvider.class, "2.0.0"));

        assertRefused(ACME + " 2.0.0 starts, but does not bring the provider acme");
    }

    @Test
    void nobody_who_logs_in_meanwhile_notices() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<String> visitor = CompletableFuture.supplyAsync(() -> {
            int answers = 0;
            while (!over.get()) {
                HttpResponse<String> answer = login();
                if (answer.statusCode() != 302) {
                    return answer.statusCode() + answer.body();
                }
                answers++;
            }
            return answers > 10 ? "" : "only " + answers;
        });
        for (int minor = 1; minor <= 5; minor++) {
            deploy(acme("1." + minor + ".0"));
            untilVersion("1." + minor + ".0");
        }
        over.set(true);

        assertThat(visitor.get()).as(cardea.log()).isEmpty();
    }

    @Test
    void a_login_that_was_begun_before_is_completed_after() throws Exception {
        HttpResponse<String> begun = login();

        deploy(acme("2.0.0"));
        untilVersion("2.0.0");

        assertThat(callback(begun).statusCode()).as(cardea.log()).isEqualTo(200);
    }

    @Test
    void a_login_that_is_being_completed_is() throws Exception {
        HttpResponse<String> begun = login();
        int asked = server.asked("/token").size();
        CompletableFuture<String> tokens = server.answeringLater("/token");
        CompletableFuture<HttpResponse<String>> underWay = CompletableFuture.supplyAsync(() -> callback(begun));
        Cardea.eventually(SOON, () -> server.asked("/token").size() > asked, cardea::log);

        deploy(acme("2.0.0"));
        untilVersion("2.0.0");
        assertThat(underWay).isNotDone();
        tokens.complete("{\"access_token\":\"a-token\",\"token_type\":\"Bearer\"}");

        assertThat(underWay.get().statusCode()).as(cardea.log()).isEqualTo(200);
    }

    @Test
    void where_jars_must_be_listed_only_those_run() throws Exception {
        Path list = Cardea.HOME.resolve("conf/trusted-bundles");
        Path jar = acme("7.0.0");
        Path elsewhere = Files.createDirectory(folder.resolve("listed"));
        try (Cardea listed = new Cardea(elsewhere).with("CARDEA_DEPLOY_TRUST", "listed")) {
            listed.start("start");
            Files.copy(jar, listed.deploy().resolve("acme.jar"));
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
            String line = digest + "  acme.jar";
            Cardea.eventually(SOON, () -> listed.log().contains("and copy the jar again: " + line), listed::log);
            assertThat(listed.get("/oauth/acme/login").statusCode()).isEqualTo(404);

            Files.writeString(list, line + "\n");
            Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-r--r--"));
            Files.delete(listed.deploy().resolve("acme.jar"));
            Files.copy(jar, listed.deploy().resolve("acme.jar"));
            Cardea.eventually(SOON, () -> listed.get("/oauth/acme/login").statusCode() == 302, listed::log);
        } finally {
            Files.deleteIfExists(list);
        }
    }

    @Test
    void a_trust_that_is_unknown_is_refused_at_the_start() {
        Cardea.Outcome outcome = new Cardea(folder.resolve("jars"))
                .with("CARDEA_DEPLOY_TRUST", "signed")
                .run("start");

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err())
                .contains("CARDEA_DEPLOY_TRUST=signed in the environment: the value must be all or listed");
    }
}
