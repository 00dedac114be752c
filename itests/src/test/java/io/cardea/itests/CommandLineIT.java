package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.Cardea.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/cardea}, verb by verb. */
class CommandLineIT {

    @TempDir
    Path folder;

    @Test
    void a_runtime_is_started_asked_about_and_stopped() {
        Cardea cardea = new Cardea(folder);
        assertThat(cardea.run("status").exitCode()).isEqualTo(3);

        Outcome started = cardea.run("start");
        try {
            assertThat(started.exitCode()).as(started.toString()).isZero();
            String ready = started.out()
                    .lines()
                    .filter(line -> line.startsWith("Cardea is ready at http://localhost:"))
                    .findFirst()
                    .orElseThrow();
            assertThat(started.out().lines().filter(ready::equals)).hasSize(1);
            assertThat(started.out())
                    .contains("  providers none yet")
                    .contains("  log in    not before a provider is configured: " + ready.substring(19) + " says what");
            Outcome status = cardea.run("status");
            assertThat(status.out().trim()).isEqualTo(ready);
            assertThat(status.exitCode()).isZero();
        } finally {
            assertThat(cardea.run("stop").exitCode()).isZero();
        }
        assertThat(cardea.run("status").exitCode()).isEqualTo(3);
        assertThat(cardea.run("stop").exitCode()).isEqualTo(3);
    }

    @Test
    void a_mistake_in_the_settings_keeps_nobody_from_asking_and_stopping() {
        Cardea cardea = Cardea.started(folder);
        cardea.with("CARDEA_HTTP_PORT", "eighty");

        assertThat(cardea.run("status").out().trim()).isEqualTo("Cardea is ready at " + cardea.url());
        assertThat(cardea.run("stop").exitCode()).isZero();
        Outcome gone = cardea.run("status");
        assertThat(gone.exitCode()).isEqualTo(3);
        assertThat(gone.out().trim()).isEqualTo("Cardea is not running");
        assertThat(gone.err()).contains("CARDEA_HTTP_PORT=eighty");
    }

    @Test
    void the_playground_is_there_in_the_demo_alone() {
        try (Cardea plain = Cardea.started(folder)) {
            assertThat(plain.get("/oauth/providers").body()).doesNotContain("playground");
        }
        try (Cardea demo = Cardea.demo(folder)) {
            assertThat(demo.get("/oauth/providers").body()).contains("\"playground\":{");
            assertThat(Cardea.read(folder.resolve("demo.out"))).contains("  log in    open " + demo.url());
        }
    }

    @Test
    void the_versions_are_told() {
        Outcome version = new Cardea(folder).run("version");

        assertThat(version.out()).contains("Cardea " + System.getProperty("cardea.version"));
        assertThat(version.exitCode()).isZero();
    }

    @Test
    void help_names_every_verb() {
        assertThat(new Cardea(folder).run("help").out()).contains("run", "start", "stop", "status", "demo", "version");
    }

    @Test
    void an_unknown_verb_is_told_the_known_ones() {
        Outcome outcome = new Cardea(folder).run("dance");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("dance", "Usage");
    }

    @Test
    void a_port_that_is_taken_is_named_in_one_line() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(other.getLocalPort());

            Outcome outcome = new Cardea(folder).with("CARDEA_HTTP_PORT", port).run("start");

            assertRefused(outcome, port, "CARDEA_HTTP_PORT");
        }
    }

    @Test
    void a_second_runtime_on_the_same_data_is_refused() {
        try (Cardea first = Cardea.started(folder)) {
            assertRefused(first.run("start"), "already runs");
            assertThat(first.get("/oauth/providers").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_setting_that_cannot_be_is_named_in_one_line() {
        assertRefused(new Cardea(folder).with("CARDEA_HTTP_PORT", "eighty").run("start"), "CARDEA_HTTP_PORT", "eighty");
        assertRefused(new Cardea(folder).with("CARDEA_LOGIN_TTL", "soon").run("start"), "CARDEA_LOGIN_TTL");
        assertRefused(new Cardea(folder).with("CARDEA_PUBLIC_URL", "not a url").run("start"), "CARDEA_PUBLIC_URL");
    }

    @Test
    void an_address_that_other_machines_reach_is_refused_without_a_protected_login() {
        for (String verb : new String[] {"start", "run"}) {
            assertRefused(
                    new Cardea(folder).with("CARDEA_HTTP_HOST", "0.0.0.0").run(verb),
                    "CARDEA_HTTP_HOST=0.0.0.0",
                    "CARDEA_LOGIN_PROTECTION");
        }
        assertRefused(
                new Cardea(folder).with("CARDEA_LOGIN_PROTECTION", "kye").run("start"),
                "CARDEA_LOGIN_PROTECTION=kye",
                "none, key or proxy");
    }

    @Test
    void a_deploy_folder_that_others_may_write_is_refused_with_the_cure() throws Exception {
        Cardea cardea = new Cardea(folder);
        Files.setPosixFilePermissions(cardea.deploy(), PosixFilePermissions.fromString("rwxrwxr-x"));

        assertRefused(cardea.run("start"), "chmod", cardea.deploy().toString());
    }

    @Test
    void an_api_key_that_others_may_read_is_refused_with_the_cure() throws Exception {
        Cardea cardea = new Cardea(folder);
        cardea.start("start");
        cardea.close();
        Path key = cardea.data().resolve("keys/api-key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertRefused(cardea.run("start"), "chmod", key.toString());
    }

    @Test
    void data_are_for_the_user_alone() throws Exception {
        try (Cardea cardea = Cardea.started(folder)) {
            try (var files = Files.walk(cardea.data())) {
                for (Path file : files.toList()) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .endsWith("------");
                }
            }
        }
    }

    private static void assertRefused(Outcome outcome, String... named) {
        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.err().trim().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).contains(named);
    }
}
