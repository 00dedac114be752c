package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.acme.AcmeProvider;
import io.cardea.itests.faulty.FaultyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider's jar comes to, changes in and leaves the deploy folder of a Cardea that runs. */
class HotDeployIT {

    private static final Duration SOON = Duration.ofSeconds(2);
    // One that may be half copied is waited for.
    private static final Duration GIVEN_UP = Duration.ofSeconds(6);
    private static final String ANSWERED_302 = "302";

    @TempDir
    static Path folder;

    private static Cardea cardea;
    private static Path jars;

    @BeforeAll
    static void start() throws IOException {
        cardea = Cardea.started(folder);
        jars = Files.createDirectory(folder.resolve("jars"));
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
        until("acme", "404");
        untilListed("faulty", false);
    }

    @Test
    void a_jar_that_is_copied_into_deploy_serves_within_two_seconds() throws Exception {
        assertThat(login("acme")).isEqualTo("404");

        deploy(ProviderJar.write(jars.resolve("acme.jar"), AcmeProvider.class, "1.0.0"), "acme.jar");

        untilListed("acme", true);
        until("acme", ANSWERED_302);
        assertThat(cardea.get("/oauth/acme/login")
                        .headers()
                        .firstValue("Location")
                        .orElseThrow())
                .startsWith("https://acme.example/authorize?")
                .contains("client_id=cardea-at-acme");
    }

    @Test
    void another_version_in_its_place_serves_instead() throws Exception {
        deploy(ProviderJar.write(jars.resolve("one.jar"), AcmeProvider.class, "1.0.0"), "acme.jar");
        untilVersion("1.0.0");

        deploy(ProviderJar.write(jars.resolve("two.jar"), AcmeProvider.class, "2.0.0"), "acme.jar");

        untilVersion("2.0.0");
        assertThat(login("acme")).isEqualTo(ANSWERED_302);
    }

    @Test
    void a_jar_that_is_deleted_takes_its_provider_with_it() throws Exception {
        deploy(ProviderJar.write(jars.resolve("gone.jar"), AcmeProvider.class, "1.0.0"), "acme.jar");
        until("acme", ANSWERED_302);

        Files.delete(cardea.deploy().resolve("acme.jar"));

        until("acme", "404");
        untilListed("acme", false);
    }

    @Test
    void nobody_else_notices() throws Exception {
        String before = cardea.get("/oauth/providers").body();
        long github = lines("Provider github");

        deploy(ProviderJar.write(jars.resolve("guest.jar"), AcmeProvider.class, "1.0.0"), "acme.jar");
        untilVersion("1.0.0");
        Files.delete(cardea.deploy().resolve("acme.jar"));
        until("acme", "404");

        assertThat(cardea.get("/oauth/providers").body()).isEqualTo(before);
        assertThat(lines("Provider github"))
                .as("arrivals and departures of another provider")
                .isEqualTo(github);
        assertThat(cardea.run("status").out()).startsWith("Cardea is ready at " + cardea.url());
    }

    @Test
    void a_broken_jar_is_reported_by_name_and_changes_nothing() throws Exception {
        String before = cardea.get("/oauth/providers").body();

        Files.writeString(cardea.deploy().resolve("broken.jar"), "this is no jar");

        Cardea.eventually(GIVEN_UP, () -> cardea.log().contains("broken.jar is not deployed"), cardea::log);
        assertThat(cardea.get("/oauth/providers").body()).isEqualTo(before);
    }

    @Test
    void a_broken_jar_in_place_of_a_good_one_leaves_the_good_one_running() throws Exception {
        Path good = ProviderJar.write(jars.resolve("good.jar"), AcmeProvider.class, "3.0.0");
        deploy(good, "acme.jar");
        untilVersion("3.0.0");

        byte[] half = java.util.Arrays.copyOf(Files.readAllBytes(good), (int) Files.size(good) / 2);
        Files.write(cardea.deploy().resolve("acme.jar"), half);

        Cardea.eventually(GIVEN_UP, () -> cardea.log().contains("acme.jar is not deployed"), cardea::log);
        assertThat(login("acme")).isEqualTo(ANSWERED_302);
        assertThat(cardea.get("/oauth/providers").body()).contains("\"plugin_version\":\"3.0.0\"");
    }

    @Test
    void a_provider_that_throws_costs_only_itself() throws Exception {
        deploy(ProviderJar.write(jars.resolve("faulty.jar"), FaultyProvider.class, "1.0.0"), "faulty.jar");
        untilListed("faulty", true);

        assertThat(login("faulty")).isEqualTo("502");
        assertThat(cardea.get("/oauth/faulty/login").body())
                .contains("\"error\":\"provider_error\"", "\"provider\":\"faulty\"")
                .doesNotContain("on purpose");
        assertThat(login("github")).isEqualTo("503");
        Cardea.eventually(
                SOON,
                () -> cardea.log().contains("Provider faulty (io.cardea.itests.faulty 1.0.0) is faulty"),
                cardea::log);
    }

    @Test
    void a_provider_with_an_illegal_name_is_refused_by_name() throws Exception {
        deploy(ProviderJar.write(jars.resolve("faulty.jar"), FaultyProvider.class, "1.0.1"), "faulty.jar");

        Cardea.eventually(
                SOON,
                () -> cardea.log()
                        .contains("A provider of io.cardea.itests.faulty 1.0.1 is refused: its name must match"
                                + " [a-z0-9][a-z0-9-]{0,62}, which \"Not A Name!\" does not"),
                cardea::log);
        assertThat(cardea.get("/oauth/providers").body()).doesNotContain("Not A Name");
    }

    @Test
    void of_two_providers_with_one_name_the_older_serves_and_the_other_takes_over() throws Exception {
        deploy(ProviderJar.write(jars.resolve("first.jar"), AcmeProvider.class, "1.0.0"), "first.jar");
        untilVersion("1.0.0");
        deploy(ProviderJar.write(jars.resolve("second.jar"), "second.acme", AcmeProvider.class, "9.0.0"), "second.jar");
        Cardea.eventually(SOON, () -> cardea.log().contains("Provider acme (second.acme 9.0.0) waits"), cardea::log);
        assertThat(cardea.get("/oauth/providers").body()).contains("\"plugin_version\":\"1.0.0\"");

        Files.delete(cardea.deploy().resolve("first.jar"));

        untilVersion("9.0.0");
        assertThat(login("acme")).isEqualTo(ANSWERED_302);
    }

    private static void deploy(Path jar, String name) throws IOException {
        Files.copy(jar, cardea.deploy().resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String login(String provider) {
        return String.valueOf(cardea.get("/oauth/" + provider + "/login").statusCode());
    }

    private static void until(String provider, String status) {
        Cardea.eventually(SOON, () -> login(provider).equals(status), () -> login(provider) + "\n" + cardea.log());
    }

    private static void untilListed(String provider, boolean listed) {
        Cardea.eventually(
                SOON,
                () -> cardea.get("/oauth/providers").body().contains('"' + provider + "\":{") == listed,
                cardea::log);
    }

    private static void untilVersion(String version) {
        Cardea.eventually(
                SOON,
                () -> cardea.get("/oauth/providers").body().contains("\"plugin_version\":\"" + version + '"'),
                cardea::log);
    }

    private static long lines(String with) {
        return cardea.log().lines().filter(line -> line.contains(with)).count();
    }
}
