package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.acme.AcmeProvider;
import io.cardea.itests.hanging.HangingProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider that hangs while it is activated holds up only itself: no configuration, and no bundle, of any other. */
class HangingProviderIT {

    private static final Duration SOON = Duration.ofSeconds(2);
    // What a provider that hangs may cost the others, with what Declarative Services wait for its lock.
    private static final Duration BOUNDED = Duration.ofSeconds(15);

    @TempDir
    static Path folder;

    private static Cardea cardea;

    private Path released;

    @BeforeAll
    static void start() {
        cardea = Cardea.started(folder);
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    @BeforeEach
    void deploy() throws Exception {
        released = Files.createTempDirectory(folder, "hang").resolve("released");
        ProviderJar.write(cardea.deploy().resolve("hanging.jar"), HangingProvider.class, "1.0.0");
        untilListed("hanging", true);
        untilListed("hanging-immediate", true);
    }

    @AfterEach
    void withdraw() throws IOException {
        if (!Files.exists(released)) {
            Files.createFile(released);
        }
        try (var files = Files.list(cardea.deploy())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Cardea.eventually(BOUNDED, () -> !isListed("hanging") && github() == 503, cardea::log);
    }

    @ParameterizedTest
    @CsvSource({"hanging, HangingProvider", "hanging-immediate, HangingImmediateProvider"})
    void one_that_hangs_when_it_is_configured_is_named_and_the_next_configuration_takes_effect(
            String provider, String component) throws Exception {
        configure(provider, "hang_until = " + released);
        untilListed(provider, false);

        configure("github", "client_id = my-app\nclient_secret = a-secret");

        Cardea.eventually(BOUNDED, () -> github() == 302, cardea::log);
        assertThat(cardea.log()).containsOnlyOnce(hangs(component));
        assertThat(isListed(provider)).isFalse();
    }

    @Test
    void one_that_hangs_when_it_is_configured_is_here_when_it_no_longer_does() throws Exception {
        configure("hanging", "hang_until = " + released);
        untilListed("hanging", false);

        Files.createFile(released);

        Cardea.eventually(BOUNDED, () -> isListed("hanging"), cardea::log);
    }

    @ParameterizedTest
    @CsvSource({"hanging", "hanging-immediate"})
    void the_bundle_of_one_that_hangs_leaves_in_bounded_time(String provider) throws Exception {
        configure(provider, "hang_until = " + released);
        untilListed(provider, false);

        Files.delete(cardea.deploy().resolve("hanging.jar"));
        Cardea.eventually(BOUNDED, () -> !isListed("hanging") && !isListed("hanging-immediate"), cardea::log);
        ProviderJar.write(cardea.deploy().resolve("acme.jar"), AcmeProvider.class, "1.0.0");
        Cardea.eventually(BOUNDED, () -> isListed("acme"), cardea::log);
    }

    private static String hangs(String component) {
        return "A provider of io.cardea.itests.hanging 1.0.0 hangs: for 2000 ms io.cardea.itests.hanging." + component
                + " has not come up";
    }

    private static void configure(String provider, String line) throws IOException {
        Files.write(cardea.deploy().resolve("io.cardea.provider." + provider + ".cfg"), List.of(line));
    }

    private static int github() {
        return cardea.get("/oauth/github/login").statusCode();
    }

    private static boolean isListed(String provider) {
        return cardea.get("/oauth/providers").body().contains('"' + provider + "\":{");
    }

    private static void untilListed(String provider, boolean listed) {
        Cardea.eventually(SOON.multipliedBy(3), () -> isListed(provider) == listed, cardea::log);
    }
}
