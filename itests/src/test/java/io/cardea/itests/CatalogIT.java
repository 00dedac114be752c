package io.cardea.itests;

import static io.cardea.itests.Answers.parameter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers that bundles without a class bring as data, and what an operator adds to them. */
class CatalogIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static Cardea cardea;

    @BeforeAll
    static void start() {
        cardea = Cardea.started(folder);
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    private static HttpResponse<String> login(String provider) {
        return cardea.get("/oauth/" + provider + "/login");
    }

    private static void untilLogin(String provider, int status) {
        Cardea.eventually(SOON, () -> login(provider).statusCode() == status, () -> login(provider) + cardea.log());
    }

    private static Path settings(String provider, String... lines) throws IOException {
        return Files.writeString(
                cardea.deploy().resolve("io.cardea.provider." + provider + ".cfg"), String.join("\n", lines) + "\n");
    }

    /** Puts a bundle with nothing but a definition into the deploy folder. */
    private static Path deploy(String provider, String definition) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        attributes.putValue("Bundle-SymbolicName", "org.example." + provider);
        attributes.putValue("Bundle-Version", "1.0.0");
        attributes.putValue("Require-Capability", "osgi.extender;filter:=\"(osgi.extender=osgi.configurator)\"");
        Path whole = folder.resolve(provider + ".jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(whole), manifest)) {
            jar.putNextEntry(new JarEntry("OSGI-INF/configurator/" + provider + ".json"));
            jar.write(("{\":configurator:resource-version\":1,\"io.cardea.provider~" + provider + "\":" + definition
                            + "}")
                    .getBytes(UTF_8));
        }
        // At once, or half of it could be read.
        return Files.move(whole, cardea.deploy().resolve(provider + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void more_than_fifty_providers_are_listed() {
        assertThat(cardea.get("/oauth/providers").body().split("\"display_name\""))
                .hasSizeGreaterThan(51);
    }

    @Test
    void one_of_the_catalog_says_what_to_set_and_where_and_comes_alive_and_goes_with_it() throws Exception {
        assertThat(login("spotify").statusCode()).isEqualTo(503);
        assertThat(login("spotify").body())
                .contains("set client_id and client_secret in deploy/io.cardea.provider.spotify.cfg");

        Path file = settings("spotify", "client_id = first", "client_secret = anything");
        untilLogin("spotify", 302);
        assertThat(Browser.location(login("spotify")))
                .hasHost("accounts.spotify.com")
                .hasParameter("client_id", "first");

        settings("spotify", "client_id = second", "client_secret = anything", "scope = user-read-email");
        Cardea.eventually(
                SOON, () -> login("spotify").headers().map().toString().contains("client_id=second"), cardea::log);
        assertThat(Browser.location(login("spotify"))).hasParameter("scope", "user-read-email");

        Files.delete(file);
        untilLogin("spotify", 503);
        assertThat(cardea.log())
                .contains("client_secret is written out in io.cardea.provider.spotify.cfg")
                .doesNotContain("No component reads io.cardea.provider.spotify");
    }

    @Test
    void a_variable_of_a_url_is_set_by_the_operator() throws Exception {
        assertThat(login("zendesk").body()).contains("variable.subdomain");
        settings("zendesk", "client_id = an-id", "client_secret = anything", "variable.subdomain = acme");
        untilLogin("zendesk", 302);

        assertThat(Browser.location(login("zendesk"))).hasHost("acme.zendesk.com");
    }

    @Test
    void a_bundle_without_a_class_brings_a_provider_and_takes_it_away() throws Exception {
        try (SecretFile secret = SecretFile.written("itest-catalog", "a-secret\n");
                CannedServer server = new CannedServer()) {
            server.answering("/token", "{\"access_token\":\"a-token\",\"token_type\":\"Bearer\"}");
            settings("classless", "client_id = an-id", "client_secret = $[secret:itest-catalog]");
            Path jar = deploy(
                    "classless",
                    "{\"authorization_endpoint\":\"" + server.url() + "/authorize\",\"token_endpoint\":\""
                            + server.url() + "/token\",\"client_auth\":\"client_secret_post\"}");
            untilLogin("classless", 302);
            HttpResponse<String> login = login("classless");
            HttpResponse<String> end = cardea.get(
                    "/oauth/classless/callback?code=c&state=" + parameter(Browser.location(login), "state"),
                    "Cookie",
                    login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0]);
            assertThat(end.statusCode()).as(end.body()).isEqualTo(200);
            assertThat(server.lastAsked("/token").body()).contains("client_id=an-id", "client_secret=a-secret");

            Files.delete(jar);
            untilLogin("classless", 404);
            assertThat(secret).isNotNull();
        }
    }

    @Test
    void a_bundles_definition_gets_neither_what_another_provider_is_configured_with_nor_any_secret() throws Exception {
        try (SecretFile secret = SecretFile.written("itest-foreign", "a-foreign-secret\n");
                CannedServer server = new CannedServer()) {
            settings("github", "client_id = github-id", "client_secret = $[secret:itest-foreign]");
            untilLogin("github", 302);
            String endpoints = "\"authorization_endpoint\":\"" + server.url() + "/authorize\",\"token_endpoint\":\""
                    + server.url() + "/token\"";
            Path likeGithub = deploy("github", "{" + endpoints + ",\"service.ranking:Integer\":1000}");
            Path curious = deploy(
                    "curious",
                    "{" + endpoints + ",\"client_id\":\"c\",\"description\":\"$[secret:itest-foreign] $[env:HOME]\"}");
            untilLogin("curious", 302);

            assertThat(Browser.location(login("github"))).hasHost("github.com");
            assertThat(cardea.get("/oauth/providers").body()).doesNotContain("a-foreign-secret");
            assertThat(cardea.log())
                    .contains("description of io.cardea.provider~curious is ignored")
                    .doesNotContain("a-foreign-secret");
            Files.delete(likeGithub);
            Files.delete(curious);
            assertThat(secret).isNotNull();
        }
    }

    @Test
    void all_that_the_bundles_bring_is_there_when_cardea_is_ready(@TempDir Path other) {
        try (Cardea fresh = Cardea.started(other)) {
            assertThat(fresh.get("/oauth/wrike/login").statusCode()).isEqualTo(503);
            assertThat(fresh.get("/oauth/providers").body().split("\"display_name\""))
                    .hasSizeGreaterThan(51);
        }
    }

    @Test
    void a_definition_of_the_operators_own_wins_over_the_catalogs() throws Exception {
        Path file = Files.writeString(
                cardea.configuration("strava"),
                "authorization_endpoint = https://own.example/authorize\n"
                        + "token_endpoint = https://own.example/token\nclient_id = mine\n");
        untilLogin("strava", 302);
        assertThat(Browser.location(login("strava"))).hasHost("own.example");
        Files.delete(file);
    }
}
