package io.cardea.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of API keys that somebody or something has spoilt: nobody gets more from it than the keys gave. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
class DamagedApiKeysTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path home;

    private String key;
    private String whole;

    @BeforeEach
    void make() throws IOException {
        key = open().create("ci", Set.of("acme"), Set.of("token")).value();
        whole = Files.readString(file());
    }

    private ApiKeyRegistry open() {
        return new ApiKeyRegistry(home.resolve("data"), InstantSource.system());
    }

    private Path file() {
        return home.resolve("data/keys/api-keys");
    }

    private void assertRefused(ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("Repair or remove it");
    }

    private void assertAllRefusedButLocal(ApiKeyRegistry keys) throws IOException {
        String local = Files.readString(home.resolve("data/keys/api-key")).trim();
        assertThat(keys.accepts(local, "acme", "token")).isTrue();
        assertThat(keys.accepts(key, "acme", "token")).isFalse();
        assertThat(keys.accepts(key, "other", "revoke")).isFalse();
        assertRefused(() -> keys.create("more", Set.of(), Set.of()));
        assertRefused(() -> keys.withdraw("ci"));
        assertRefused(keys::list);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # how            | what                           | becomes
            cut short        | (?s)^(.*)\\}.*$                | $1
            empty            | (?s)^.*$                       | ``
            no object        | (?s)^.*$                       | []
            more behind it   | (?s)$                          | {}
            no providers     | "providers" : [^\\]]*],        | ``
            null providers   | "providers" : [^\\]]*]         | "providers" : null
            providers a text | "providers" : [^\\]]*]         | "providers" : ""
            other providers  | "acme"                         | "Acme"
            no actions       | "actions" : [^\\]]*],          | ``
            unknown action   | "token"                        | "tokens"
            number as action | "token"                        | 1
            unknown limit    | "actions"                      | "until" : 1, "actions"
            repeated limit   | "actions"                      | "actions" : [], "actions"
            short hash       | "sha256" : "..                 | "sha256" : "
            bad name         | "ci"                           | "../ci"
            no time          | "created_at" : \\d+            | "created_at" : "now"
            """)
    void a_damaged_file_is_kept_and_named_and_the_local_key_alone_is_accepted(String how, String what, String becomes)
            throws IOException {
        String damaged = whole.replaceFirst(what, becomes);
        assertThat(damaged).as(how).isNotEqualTo(whole);
        Files.writeString(file(), damaged);

        ApiKeyRegistry keys = open();

        assertThat(log.text()).contains("WARN", "No API key but the local one is accepted", file().toString());
        assertAllRefusedButLocal(keys);
        assertThat(Files.readString(file())).isEqualTo(damaged);
    }

    @Test
    void two_keys_of_one_name_are_no_keys() throws IOException {
        String entry = whole.replaceFirst("(?s)^.*?\\[ (\\{.*?\\}) \\].*$", "$1");
        Files.writeString(
                file(),
                "{\"keys\":[" + entry + "," + entry.replaceFirst("\"sha256\" : \"..", "\"sha256\" : \"ff") + "]}");

        assertAllRefusedButLocal(open());
    }

    @Test
    void a_file_that_others_can_read_is_refused_with_the_remedy() throws IOException {
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        ApiKeyRegistry keys = open();

        assertThat(log.text()).contains("run: chmod go-rwx " + file());
        assertAllRefusedButLocal(keys);
    }

    @Test
    void a_symbolic_link_is_not_followed() throws IOException {
        Path elsewhere = Files.move(file(), home.resolve("elsewhere"));
        Files.createSymbolicLink(file(), elsewhere);

        assertAllRefusedButLocal(open());
        assertThat(Files.readString(elsewhere)).isEqualTo(whole);
    }

    @Test
    void a_file_that_is_repaired_counts_again_without_a_restart() throws IOException {
        Files.writeString(file(), "{");
        ApiKeyRegistry keys = open();
        assertAllRefusedButLocal(keys);

        Files.writeString(file(), whole);

        assertThat(keys.list()).extracting(ApiKey::name).containsExactly("ci");
        assertThat(keys.accepts(key, "acme", "token")).isTrue();
        assertThat(keys.accepts(key, "acme", "revoke")).isFalse();
    }

    @Test
    void a_file_that_is_damaged_meanwhile_is_not_written_over() throws IOException {
        ApiKeyRegistry keys = open();
        assertThat(keys.accepts(key, "acme", "token")).isTrue();
        Files.writeString(file(), "{");

        assertRefused(() -> keys.create("more", Set.of(), Set.of()));
        assertAllRefusedButLocal(keys);
        assertThat(Files.readString(file())).isEqualTo("{");
    }

    @Test
    void a_key_that_was_written_into_the_file_by_mistake_is_not_repeated() throws IOException {
        String mistake = "cardea_" + "a".repeat(43);
        Files.writeString(file(), mistake);

        ApiKeyRegistry keys = open();

        assertThatThrownBy(keys::list).hasMessageContaining("damaged").hasMessageNotContaining(mistake);
        assertThat(log.text()).contains("damaged").doesNotContain(mistake);
    }
}
