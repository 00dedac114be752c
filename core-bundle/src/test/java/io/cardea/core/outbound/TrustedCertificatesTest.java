package io.cardea.core.outbound;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.oauth.provider.ProviderException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS towards providers, with a server whose certificate nobody but a PEM file vouches for. */
class TrustedCertificatesTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static LocalServer server;
    private static Path pem;

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();

        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem = Files.writeString(
                folder.resolve("server.pem"),
                pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        Files.writeString(
                folder.resolve("key.pem"),
                pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded()));

        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create(LocalServer.loopback(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = new LocalServer(https).answer("/", Answer.json(200, "{}"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                + "-----\n";
    }

    private static HttpRequest request(String host) {
        return HttpRequest.newBuilder(URI.create("https://" + host + ":" + server.port() + "/token"))
                .build();
    }

    private static OutboundHttp trusting(Path file) {
        return new OutboundHttp(Optional.of(file.toString()), Duration.ofSeconds(5));
    }

    @Test
    void a_server_that_the_file_vouches_for_is_believed() {
        assertThat(await(trusting(pem).send(request("localhost"))).statusCode()).isEqualTo(200);
    }

    @Test
    void without_the_file_it_is_not() {
        int before = server.requests().size();
        providerFailure(
                new OutboundHttp(Optional.empty(), Duration.ofSeconds(5)).send(request("localhost")),
                ProviderException.UNREACHABLE);
        providerFailure(
                new OutboundHttp(Optional.of(" "), Duration.ofSeconds(5)).send(request("localhost")),
                ProviderException.UNREACHABLE);

        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void its_certificate_is_good_for_its_name_alone() {
        assertThat(providerFailure(trusting(pem).send(request("127.0.0.1")), ProviderException.UNREACHABLE))
                .hasMessageMatching(
                        "127\\.0\\.0\\.1:\\d+ could not be reached safely: its certificate is not trusted.*");
    }

    @Test
    void several_certificates_may_stand_in_one_file_with_words_between() throws IOException {
        String one = Files.readString(pem);
        Path both = Files.writeString(folder.resolve("both.pem"), "# ours\n" + one + "\n# again\n" + one);

        assertThat(await(trusting(both).send(request("localhost"))).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no certificate",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA"
            })
    void a_file_that_holds_no_certificate_is_named_in_the_log_and_nobody_is_asked(String content) throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.pem"), content);

        assertThat(providerFailure(trusting(bad).send(request("localhost")), ProviderException.PROVIDER_ERROR))
                .hasMessage("CARDEA_CA_FILE cannot be used; the log has the details");
        assertThat(log.text()).contains("ERROR").contains("CARDEA_CA_FILE cannot be used: " + bad);
    }

    @Test
    void a_file_that_is_missing_is_named_in_the_log() {
        Path missing = folder.resolve("missing.pem");

        providerFailure(trusting(missing).send(request("localhost")), ProviderException.PROVIDER_ERROR);
        assertThat(log.text()).contains("ERROR").contains("CARDEA_CA_FILE cannot be used: " + missing);
    }

    @Test
    void a_private_key_is_no_certificate_and_is_not_repeated() throws IOException {
        Path key = folder.resolve("key.pem");

        providerFailure(trusting(key).send(request("localhost")), ProviderException.PROVIDER_ERROR);
        assertThat(log.text())
                .contains("CARDEA_CA_FILE cannot be used: " + key)
                .doesNotContain(
                        Files.readString(key).lines().skip(1).findFirst().orElseThrow());
    }
}
