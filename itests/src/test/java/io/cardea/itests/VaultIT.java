package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.store.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials in the shipped product: there after every end, and nobody's without the key. */
class VaultIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private static void logIn(Cardea cardea) {
        PlaygroundPerson ada = new PlaygroundPerson();
        URI consent = PlaygroundPerson.location(ada.get(URI.create(cardea.url() + "/oauth/playground/login")));
        assertThat(ada.get(ada.answerAt(consent, "approve")).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> refreshed(Cardea cardea) {
        return cardea.call("/oauth/playground/refresh", "{\"connection\":\"default\"}");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void writePrivately(Path file, String content) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    private static void assertRefused(Cardea.Outcome outcome, String why) {
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err().strip().lines()).singleElement().asString().contains(why);
    }

    @Test
    void a_credential_outlives_the_death_of_the_process_and_is_for_the_user_alone() throws Exception {
        try (Cardea cardea = Cardea.demo(folder)) {
            logIn(cardea);
            cardea.kill();
        }
        assertThat(files(folder.resolve("data/vault")))
                .extracting(Path::getFileName)
                .asString()
                .contains("playground~default");
        for (Path file : files(folder.resolve("data/vault"))) {
            assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        }
        try (Cardea again = Cardea.demo(folder)) {
            // The playground died too and knows no token any more: that it is asked shows that the credential is there.
            assertThat(refreshed(again).body()).doesNotContain("not_connected");
        }
    }

    @Test
    void a_start_without_the_vaults_key_is_refused_in_one_line_and_changes_nothing() throws Exception {
        try (Cardea cardea = Cardea.demo(folder)) {
            logIn(cardea);
        }
        Path key = folder.resolve("data/keys/vault-key");
        String right = Files.readString(key);
        byte[] record = Files.readAllBytes(folder.resolve("data/vault/playground~default"));

        Files.delete(key);
        assertRefused(new Cardea(folder).run("start"), "it is missing, and 1 credential is sealed with it");
        assertThat(key).doesNotExist();

        writePrivately(key, Base64.getEncoder().encodeToString(new byte[32]) + "\n");
        assertRefused(new Cardea(folder).run("start"), "is not the one that sealed what the vault holds");

        Files.writeString(key, "hunter2");
        Cardea.Outcome outcome = new Cardea(folder).run("start");
        assertRefused(outcome, "must hold 32 bytes in Base64");
        assertThat(outcome.err()).doesNotContain("hunter2");

        assertThat(Files.readAllBytes(folder.resolve("data/vault/playground~default")))
                .isEqualTo(record);
        Files.writeString(key, right);
        try (Cardea cardea = Cardea.demo(folder)) {
            assertThat(refreshed(cardea).body()).doesNotContain("not_connected");
        }
    }

    @Test
    void a_record_that_others_can_read_stops_the_start_with_the_cure() throws Exception {
        try (Cardea cardea = Cardea.demo(folder)) {
            logIn(cardea);
        }
        Path record = folder.resolve("data/vault/playground~default");
        Files.setPosixFilePermissions(record, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ));

        assertRefused(new Cardea(folder).run("start"), "chmod 600");
    }

    @Test
    void the_key_can_be_kept_elsewhere() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("the-key");
        try (Cardea cardea = new Cardea(folder).with("CARDEA_VAULT_KEY_FILE", elsewhere.toString())) {
            cardea.startInForeground("demo");
            logIn(cardea);
        }
        assertThat(elsewhere).isNotEmptyFile();
        assertThat(folder.resolve("data/keys/vault-key")).doesNotExist();
        assertRefused(new Cardea(folder).run("start"), "it is missing");
        assertRefused(
                new Cardea(folder)
                        .with(
                                "CARDEA_VAULT_KEY_FILE",
                                folder.resolve("nowhere/key").toString())
                        .run("start"),
                "CARDEA_VAULT_KEY_FILE");
    }

    private static String connections(Cardea cardea) {
        return cardea.get("/oauth/connections", "Authorization", "Bearer " + cardea.apiKey())
                .body();
    }

    @Test
    void another_store_is_used_when_it_is_chosen_and_not_because_it_pushes_itself_forward() throws Exception {
        Path file = folder.resolve("data/vault/playground~default");
        Files.createDirectories(folder.resolve("deploy"));
        ProviderJar.write(folder.resolve("deploy/store.jar"), MemoryStore.class, "1.0.0");
        Path choice = folder.resolve("deploy/io.cardea.vault.cfg");
        try (Cardea cardea = Cardea.demo(folder)) {
            logIn(cardea);
            assertThat(file).exists();

            Files.writeString(choice, "store.target=(cardea.vault.store=memory)\n");
            Cardea.eventually(SOON, () -> connections(cardea).equals("[]"), () -> connections(cardea));
            byte[] before = Files.readAllBytes(file);
            logIn(cardea);
            assertThat(connections(cardea)).contains("playground");
            assertThat(Files.readAllBytes(file)).isEqualTo(before);

            Files.writeString(choice, "store.target=(cardea.vault.store=nowhere)\n");
            Cardea.eventually(
                    SOON,
                    () -> cardea.get("/oauth/providers").statusCode() != 200,
                    () -> cardea.get("/oauth/providers").body());
        }
    }

    @Test
    void a_damaged_credential_is_kept_until_a_new_login_replaces_it() throws Exception {
        try (Cardea cardea = Cardea.demo(folder)) {
            logIn(cardea);
        }
        Path file = folder.resolve("data/vault/playground~default");
        byte[] damaged = Files.readAllBytes(file);
        damaged[damaged.length - 1] ^= 1;
        Files.write(file, damaged);
        try (Cardea cardea = Cardea.demo(folder)) {
            HttpResponse<String> token =
                    cardea.get("/oauth/playground/token", "Authorization", "Bearer " + cardea.apiKey());
            assertThat(token.statusCode()).as(token.body()).isEqualTo(409);
            assertThat(token.body())
                    .contains("\"error\":\"reauthorization_required\"")
                    .contains("\"login_url\":\"" + cardea.url() + "/oauth/playground/login\"");
            assertThat(Files.readAllBytes(file)).isEqualTo(damaged);

            logIn(cardea);
            assertThat(cardea.get("/oauth/playground/token", "Authorization", "Bearer " + cardea.apiKey())
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
