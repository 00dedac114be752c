package io.cardea.itests;

import static io.cardea.itests.Answers.member;
import static io.cardea.itests.Answers.parameter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logins on another device and by a pasted code, at an authorization server that others have written, when Cardea is
 * killed in their midst and started again.
 */
class FlowRestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private ClientKey key;
    private AuthorizationServerProcess server;
    private Cardea cardea;

    @BeforeEach
    void start() {
        key = new ClientKey();
        server = AuthorizationServerProcess.started(folder, key);
        cardea = new Cardea(folder)
                .configure(
                        "acme",
                        "issuer = " + server.url(),
                        "client_id = post",
                        "client_secret = post-secret",
                        "scope = openid profile email");
        cardea.start("start");
        // From now on always the same, for the server knows the redirect URI.
        cardea.with("CARDEA_HTTP_PORT", String.valueOf(URI.create(cardea.url()).getPort()));
        server.allow(cardea.url() + "/oauth/acme/callback");
        untilAcmeIsHere();
    }

    @AfterEach
    void stop() {
        cardea.kill();
        server.close();
        key.close();
    }

    @Test
    void logins_that_a_program_watches_over_outlive_a_crash_and_how_they_ended_the_next_one() {
        // Without openid, which the server refuses to devices.
        HttpResponse<String> device =
                cardea.call("/oauth/acme/device", "{\"connection\":\"device\",\"scope\":\"profile email\"}");
        HttpResponse<String> unwelcome =
                cardea.call("/oauth/acme/device", "{\"connection\":\"unwelcome\",\"scope\":\"profile email\"}");
        HttpResponse<String> pasted = cardea.call("/oauth/acme/authorize", "{\"connection\":\"pasted\"}");
        URI consent = URI.create(member(pasted, "authorization_url"));
        assertSealed(
                member(device, "flow"),
                member(device, "user_code"),
                member(pasted, "flow"),
                parameter(consent, "state"),
                parameter(consent, "nonce"));
        crash();

        for (HttpResponse<String> begun : List.of(device, unwelcome, pasted)) {
            assertThat(status(begun)).isEqualTo("pending");
        }
        decide(device, "approve");
        decide(unwelcome, "deny");
        URI address = new AuthorizationServerPerson().answerAt(consent, "approve");
        HttpResponse<String> connection =
                cardea.call("/oauth/flows/" + member(pasted, "flow"), "{\"redirect_url\":\"" + address + "\"}");
        assertThat(connection.statusCode()).as(connection.body() + cardea.log()).isEqualTo(200);
        Cardea.eventually(PATIENCE, () -> status(device).equals("complete"), cardea::log);
        Cardea.eventually(PATIENCE, () -> status(unwelcome).equals("denied"), cardea::log);
        crash();

        assertThat(status(device)).isEqualTo("complete");
        assertThat(status(unwelcome)).isEqualTo("denied");
        assertThat(status(pasted)).isEqualTo("complete");
        for (String name : List.of("device", "pasted")) {
            HttpResponse<String> token = get("/oauth/acme/token?connection=" + name);
            assertThat(token.statusCode()).as(token.body()).isEqualTo(200);
        }
        assertThat(get("/oauth/acme/token?connection=unwelcome").statusCode()).isEqualTo(404);
    }

    private void assertSealed(String... secrets) {
        Path flows = cardea.data().resolve("flows");
        try (Stream<Path> files = Files.list(flows)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(3);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(flows)))
                    .isEqualTo("rwx------");
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                assertThat(file.getFileName() + Files.readString(file, ISO_8859_1))
                        .doesNotContain(secrets);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void decide(HttpResponse<String> begun, String decision) {
        new AuthorizationServerPerson()
                .verify(URI.create(member(begun, "verification_uri")), member(begun, "user_code"), decision);
    }

    private HttpResponse<String> get(String path) {
        return cardea.get(path, "Authorization", "Bearer " + cardea.apiKey());
    }

    private String status(HttpResponse<String> begun) {
        return member(get("/oauth/flows/" + member(begun, "flow")), "status");
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
}
