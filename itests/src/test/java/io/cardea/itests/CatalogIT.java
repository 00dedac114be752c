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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        return deployFile(
                provider,
                "{\":configurator:resource-version\":1,\"io.cardea.provider~" + provider + "\":" + definition + "}");
    }

    private static Path deployFile(String provider, String json) throws IOException {
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
            jar.write(json.getBytes(UTF_8));
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

            deploy(
                    "classless",
                    "{\"description\":\"The next version\",\"authorization_endpoint\":\"" + server.url()
                            + "/authorize\",\"token_endpoint\":\"" + server.url() + "/token\"}");
            Cardea.eventually(
                    SOON, () -> cardea.get("/oauth/providers").body().contains("The next version"), cardea::log);
            assertThat(login("classless").statusCode())
                    .as("what the operator set for it is the next version's, too")
                    .isEqualTo(302);

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
                    .contains("description of io.cardea.provider~curious in org.example.curious is ignored")
                    .doesNotContain("a-foreign-secret");
            Files.delete(likeGithub);
            Files.delete(curious);
            assertThat(secret).isNotNull();
        }
    }

    @Test
    void a_definition_may_have_comments_types_and_lists() throws Exception {
        deploy(
                "commented",
                "{/* where */ \"authorization_endpoint\":\"https://as.example/authorize\",\n// and\n"
                        + "\"token_endpoint\":\"https://as.example/token\",\"client_id\":\"c\",\"client_auth\":\"none\","
                        + "\"default_lifetime:Integer\":3600,\"scope\":[\"one\",\"two\"]}");
        untilLogin("commented", 302);

        assertThat(Browser.location(login("commented"))).hasParameter("scope", "one two");
        assertThat(cardea.get("/oauth/providers").body()).contains("\"plugin_name\":\"org.example.commented\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "braces | {\"io.cardea.provider~braces\":{ | it is no JSON at line 1",
                "twice | {\"io.cardea.provider~twice\":{\"client_id\":\"a\",\"client_id\":\"b\"}} | it is no JSON at line 1",
                "more | {} {} | it is not one JSON object",
                "later | {\":configurator:resource-version\":2} | resource-version is not 1",
                "server | {\"org.apache.felix.http\":{\"org.apache.felix.http.host\":\"0.0.0.0\"}} | configures nothing else",
                "vault | {\"io.cardea.vault\":{\"store.target\":\"(a=b)\"}} | configures nothing else",
                "named | {\"io.cardea.provider~No Name\":{}} | the name of a-z, 0-9 and hyphens",
                "nested | {\"io.cardea.provider~nested\":{\"scope\":{}}} | scope of io.cardea.provider~nested must be a text"
            })
    void what_a_bundle_defines_wrongly_is_told_and_harms_nobody(String name, String json, String told)
            throws Exception {
        Path jar = deployFile(name, json);
        Cardea.eventually(
                SOON,
                () -> cardea.log()
                        .contains("/OSGI-INF/configurator/" + name + ".json in org.example." + name + " is not read"),
                cardea::log);

        assertThat(cardea.log()).contains(told);
        assertThat(login("spotify").statusCode()).isEqualTo(503);
        Files.delete(jar);
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
        untilLogin("strava", 503);
        assertThat(login("strava").body()).contains("io.cardea.provider.strava.cfg");
    }
}
