package io.cardea.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    private Path home;

    private Path file;

    @BeforeEach
    void an_empty_file() throws IOException {
        file = Files.createDirectories(home.resolve("conf")).resolve("cardea.properties");
        Files.writeString(file, "");
    }

    @Test
    void an_empty_file_leaves_every_setting_at_its_default() {
        Settings settings = Settings.load(home, Map.of());

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8180);
        assertThat(settings.publicUrl(8180)).isEqualTo("http://localhost:8180");
        assertThat(settings.data()).isEqualTo(home.resolve("data"));
        assertThat(settings.deploy()).isEqualTo(home.resolve("deploy"));
        assertThat(settings.values())
                .containsEntry(Setting.CARDEA_LOGIN_TTL, "300")
                .containsEntry(Setting.CARDEA_LOGIN_PROTECTION, "none")
                .containsEntry(Setting.CARDEA_DEPLOY_TRUST, "all")
                .doesNotContainKeys(Setting.CARDEA_PUBLIC_URL, Setting.CARDEA_CA_FILE);
    }

    @Test
    void the_environment_wins_over_the_file() throws IOException {
        Files.writeString(file, "CARDEA_HTTP_PORT=1001\nCARDEA_LOGIN_TTL=60\n");

        Settings settings = Settings.load(home, Map.of("CARDEA_HTTP_PORT", "1002", "PATH", "/bin"));

        assertThat(settings.port()).isEqualTo(1002);
        assertThat(settings.values()).containsEntry(Setting.CARDEA_LOGIN_TTL, "60");
    }

    @Test
    void relative_paths_start_at_home_and_absolute_ones_stay() {
        Settings settings = Settings.load(home, Map.of("CARDEA_DATA", "../state", "CARDEA_DEPLOY", "/srv/deploy"));

        assertThat(settings.data()).isEqualTo(home.resolveSibling("state"));
        assertThat(settings.deploy()).isEqualTo(Path.of("/srv/deploy"));
    }

    @Test
    void an_empty_value_is_as_good_as_none() throws IOException {
        Files.writeString(file, "CARDEA_PUBLIC_URL=\n");

        Settings settings = Settings.load(home, Map.of("CARDEA_HTTP_PORT", " "));

        assertThat(settings.publicUrl(settings.port())).isEqualTo("http://localhost:8180");
    }

    @Test
    void a_public_url_loses_the_slash_at_its_end() {
        Settings settings = Settings.load(home, Map.of("CARDEA_PUBLIC_URL", "https://login.example.org/oauth-app/"));

        assertThat(settings.publicUrl(8180)).isEqualTo("https://login.example.org/oauth-app");
    }

    @Test
    void an_unknown_key_in_the_file_is_refused_with_key_and_file() throws IOException {
        Files.writeString(file, "CARDEA_HTTP_PROT=8181\n");

        assertThatThrownBy(() -> Settings.load(home, Map.of()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("CARDEA_HTTP_PROT")
                .hasMessageContaining(file.toString())
                .hasMessageContaining("CARDEA_HTTP_PORT");
    }

    @Test
    void an_unknown_key_in_the_environment_is_refused() {
        assertThatThrownBy(() -> Settings.load(home, Map.of("CARDEA_PORT", "8181")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("CARDEA_PORT")
                .hasMessageContaining("the environment");
    }

    @Test
    void the_options_of_the_virtual_machine_are_for_the_environment_alone() throws IOException {
        assertThat(Settings.load(home, Map.of("CARDEA_JAVA_OPTS", "-Xmx64m")).port())
                .isEqualTo(8180);

        Files.writeString(file, "CARDEA_JAVA_OPTS=-Xmx64m\n");
        assertThatThrownBy(() -> Settings.load(home, Map.of()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("CARDEA_JAVA_OPTS");
    }

    @Test
    void a_key_that_stands_twice_is_refused() throws IOException {
        Files.writeString(file, "CARDEA_HTTP_PORT=1\nCARDEA_HTTP_PORT=2\n");

        assertThatThrownBy(() -> Settings.load(home, Map.of()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("CARDEA_HTTP_PORT stands twice")
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "CARDEA_HTTP_PORT, http",
        "CARDEA_HTTP_PORT, -1",
        "CARDEA_HTTP_PORT, 65536",
        "CARDEA_HTTP_HOST, http://localhost",
        "CARDEA_LOGIN_TTL, 0",
        "CARDEA_LOGIN_TTL, 5m",
        "CARDEA_DEPLOY_TRUST, none",
        "CARDEA_DEPLOY_TRUST, LISTED",
        "CARDEA_LOGIN_PROTECTION, password",
        "CARDEA_LOGIN_PROTECTION, KEY",
        "CARDEA_PUBLIC_URL, login.example.org",
        "CARDEA_PUBLIC_URL, ftp://login.example.org",
        "CARDEA_PUBLIC_URL, https://me@login.example.org",
        "CARDEA_PUBLIC_URL, https://login.example.org/?a=b",
        "CARDEA_PUBLIC_URL, https://login.example.org/#a",
        "CARDEA_DEPLOY, 'a,b'",
        "CARDEA_CA_FILE, no-such-file.pem",
        "CARDEA_CA_FILE, conf"
    })
    void a_bad_value_is_refused_with_key_value_and_source(String key, String value) {
        assertThatThrownBy(() -> Settings.load(home, Map.of(key, value)))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith(key + "=" + value + " in the environment: the value must ")
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "65535"})
    void every_port_is_good(String port) {
        assertThat(Settings.load(home, Map.of("CARDEA_HTTP_PORT", port)).port()).isEqualTo(Integer.parseInt(port));
    }

    @Test
    void a_login_is_protected_by_a_key_or_a_proxy() {
        assertThat(Settings.load(home, Map.of()).isLoginProtected()).isFalse();
        for (String protection : new String[] {"key", "proxy"}) {
            assertThat(Settings.load(home, Map.of("CARDEA_LOGIN_PROTECTION", protection))
                            .isLoginProtected())
                    .isTrue();
        }
    }

    @Test
    void a_missing_file_is_refused() throws IOException {
        Files.delete(file);

        assertThatThrownBy(() -> Settings.load(home, Map.of()))
                .isInstanceOf(Refusal.class)
                .hasMessage("Cannot read " + file + ": there is no such file");
    }

    @Test
    void a_file_that_is_not_utf_8_is_refused() throws IOException {
        Files.write(file, "CARDEA_DATA=d\u00e4ta\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Settings.load(home, Map.of()))
                .isInstanceOf(Refusal.class)
                .hasMessage("Cannot read " + file + ": it is not UTF-8");
    }

    @Test
    void a_broken_escape_is_refused_with_the_file() throws IOException {
        Files.writeString(file, "CARDEA_DATA=\\u12\n");

        assertThatThrownBy(() -> Settings.load(home, Map.of()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CARDEA_HTTP_PROT=8181\nCARDEA_DATA=state\n",
                "CARDEA_HTTP_PORT=eighty\nCARDEA_DATA = state \n",
                "CARDEA_LOGIN_TTL=1\nCARDEA_LOGIN_TTL=2\nCARDEA_DATA=state\n",
                "CARDEA_DATA=state\nCARDEA_DEPLOY=\\u12\n",
                "#d\u00e4ta\nCARDEA_DATA=state\n"
            })
    void no_mistake_hides_where_the_data_are(String mistaken) throws IOException {
        Files.write(file, mistaken.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Settings.load(home, Map.of())).isInstanceOf(Refusal.class);
        assertThat(Settings.data(home, Map.of())).isEqualTo(home.resolve("state"));
        assertThat(Settings.data(home, Map.of("CARDEA_DATA", "/srv/data", "CARDEA_PORT", "1")))
                .isEqualTo(Path.of("/srv/data"));
    }

    @Test
    void the_data_are_where_they_always_are_when_nobody_says_otherwise() throws IOException {
        assertThat(Settings.data(home, Map.of("CARDEA_DATA", " "))).isEqualTo(home.resolve("data"));

        Files.delete(file);
        assertThat(Settings.data(home, Map.of())).isEqualTo(home.resolve("data"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no certificate at all\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n"
            })
    void a_file_without_certificates_is_refused_before_anybody_trusts_it(String content) throws IOException {
        Files.writeString(home.resolve("ca.pem"), content);

        assertThatThrownBy(() -> Settings.load(home, Map.of("CARDEA_CA_FILE", "ca.pem")))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "CARDEA_CA_FILE=ca.pem in the environment: the value must be a file of PEM certificates, and of"
                                + " nothing else");
    }

    @Test
    void a_file_of_certificates_is_trusted() throws Exception {
        KeyStore jdks = KeyStore.getInstance(
                Path.of(System.getProperty("java.home"), "lib/security/cacerts").toFile(), "changeit".toCharArray());
        byte[] certificate = jdks.getCertificate(jdks.aliases().nextElement()).getEncoded();
        Path pem = home.resolve("ca.pem");
        Files.writeString(
                pem,
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate)
                        + "\n-----END CERTIFICATE-----\n");

        assertThat(Settings.load(home, Map.of("CARDEA_CA_FILE", "ca.pem")).value(Setting.CARDEA_CA_FILE))
                .isEqualTo(pem.toString());
    }
}
