package io.cardea.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are made for programs, from their making to their end. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
class ApiKeyRegistryTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path home;

    private final AdjustableClock clock = new AdjustableClock();
    private ApiKeyRegistry keys;

    @BeforeEach
    void open() {
        keys = new ApiKeyRegistry(home.resolve("data"), clock);
    }

    private Path file() {
        return home.resolve("data/keys/api-keys");
    }

    private String localKey() throws IOException {
        return Files.readString(home.resolve("data/keys/api-key")).trim();
    }

    private String create(String name, Set<String> providers, Set<String> actions) {
        return keys.create(name, providers, actions).value();
    }

    private OAuthException refused(OAuthError error, ThrowingCallable call) {
        OAuthException refusal = catchThrowableOfType(OAuthException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.error()).isEqualTo(error);
        return refusal;
    }

    @Test
    void a_key_without_limits_opens_everything() {
        String key = create("ci", Set.of(), Set.of());

        assertThat(key).matches("cardea_[A-Za-z0-9_-]{43}");
        for (String action : ApiKey.ACTIONS) {
            assertThat(keys.accepts(key, "acme", action)).as(action).isTrue();
            assertThat(keys.accepts(key, "", action)).as(action).isTrue();
        }
    }

    @Test
    void a_key_opens_the_providers_that_it_is_limited_to_and_no_others() {
        String key = create("ci", Set.of("acme", "github"), Set.of());

        assertThat(keys.accepts(key, "acme", "token")).isTrue();
        assertThat(keys.accepts(key, "github", "revoke")).isTrue();
        assertThat(keys.accepts(key, "google", "token")).isFalse();
        assertThat(keys.accepts(key, "acme2", "token")).isFalse();
    }

    @Test
    void a_key_permits_the_actions_that_it_is_limited_to_and_no_others() {
        String key = create("ci", Set.of("acme"), Set.of("token", "refresh"));

        assertThat(keys.accepts(key, "acme", "token")).isTrue();
        assertThat(keys.accepts(key, "acme", "refresh")).isTrue();
        assertThat(keys.accepts(key, "acme", "revoke")).isFalse();
        assertThat(keys.accepts(key, "other", "token")).isFalse();
    }

    @Test
    void where_no_provider_is_meant_the_action_alone_decides() {
        String key = create("ci", Set.of("acme"), Set.of("events"));

        assertThat(keys.accepts(key, "", "events")).isTrue();
        assertThat(keys.accepts(key, "", "connections")).isFalse();
    }

    @Test
    void the_limits_of_one_key_are_not_those_of_another() throws IOException {
        String one = create("one", Set.of("acme"), Set.of("token"));
        String other = create("other", Set.of("github"), Set.of("revoke"));

        assertThat(one).isNotEqualTo(other);
        assertThat(keys.accepts(one, "github", "revoke")).isFalse();
        assertThat(keys.accepts(other, "github", "revoke")).isTrue();
        assertThat(keys.accepts(localKey(), "google", "login")).isTrue();
    }

    @Test
    void what_is_nearly_a_key_opens_nothing() {
        String key = create("ci", Set.of(), Set.of());

        for (String wrong : List.of("", "ci", "cardea_", key + "x", key.substring(1), key + "\n", sha256InFile())) {
            assertThat(keys.accepts(wrong, "acme", "token")).as(wrong).isFalse();
        }
    }

    private String sha256InFile() {
        try {
            return Files.readString(file()).replaceAll("(?s).*\"sha256\" : \"([0-9a-f]{64})\".*", "$1");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keys_are_listed_by_name_without_the_keys_themselves() {
        clock.pass(Duration.ofSeconds(5));
        CreatedKey second = keys.create("zoo", Set.of(), Set.of());
        CreatedKey first = keys.create("ci", Set.of("acme"), Set.of("token"));

        assertThat(keys.list())
                .containsExactly(
                        new ApiKey("ci", Set.of("acme"), Set.of("token"), clock.instant()),
                        new ApiKey("zoo", Set.of(), Set.of(), clock.instant()));
        assertThat(keys.list() + first.toString() + second).doesNotContain(first.value(), second.value());
    }

    @Test
    void a_key_that_is_withdrawn_opens_nothing_from_then_on_and_after_a_restart() {
        String key = create("ci", Set.of(), Set.of());
        String kept = create("kept", Set.of(), Set.of());

        assertThat(keys.withdraw("ci")).isTrue();

        assertThat(keys.accepts(key, "acme", "token")).isFalse();
        assertThat(keys.accepts(kept, "acme", "token")).isTrue();
        assertThat(keys.withdraw("ci")).isFalse();
        open();
        assertThat(keys.accepts(key, "acme", "token")).isFalse();
        assertThat(keys.accepts(kept, "acme", "token")).isTrue();
    }

    @Test
    void a_key_and_its_limits_outlive_a_restart() {
        String key = create("ci", Set.of("acme"), Set.of("token"));
        List<ApiKey> listed = keys.list();
        open();

        assertThat(keys.list()).isEqualTo(listed);
        assertThat(keys.accepts(key, "acme", "token")).isTrue();
        assertThat(keys.accepts(key, "acme", "revoke")).isFalse();
        assertThat(keys.accepts(key, "other", "token")).isFalse();
    }

    @Test
    void the_file_is_for_its_owner_alone_and_holds_no_key() throws IOException {
        String key = create("ci", Set.of(), Set.of());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file())).contains("\"ci\"").doesNotContain(key, key.substring("cardea_".length()));
        assertThat(log.text()).contains("The API key ci was created").doesNotContain(key);
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .as("nothing is left over")
                    .containsExactlyInAnyOrder("api-key", "api-keys");
        }
    }

    @Test
    void a_name_is_taken_once() {
        String key = create("ci", Set.of("acme"), Set.of());

        assertThat(refused(OAuthError.INVALID_REQUEST, () -> keys.create("ci", Set.of(), Set.of())))
                .hasMessageContaining("called ci already");
        assertThat(keys.accepts(key, "other", "token"))
                .as("it has no more than before")
                .isFalse();
        assertThat(keys.list()).hasSize(1);
    }

    @Test
    void an_action_that_there_is_not_is_refused_with_those_that_there_are() {
        assertThat(refused(OAuthError.INVALID_REQUEST, () -> keys.create("ci", Set.of(), Set.of("refesh"))))
                .hasMessage(
                        "There is no action 'refesh'; there are login, refresh, revoke, token, connections, events");
        assertThat(file()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Acme", "-acme", "a/b", "a\nb"})
    void what_no_provider_can_be_called_is_refused(String provider) {
        assertThat(refused(OAuthError.INVALID_REQUEST, () -> keys.create("ci", Set.of(provider), Set.of())))
                .hasMessageContaining("No provider can be called")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", ".x", "a b", "a\nb", "ä", "x/y"})
    void a_name_that_would_mislead_is_refused(String name) {
        refused(OAuthError.INVALID_REQUEST, () -> keys.create(name, Set.of(), Set.of()));
    }

    @Test
    void a_key_that_could_not_be_written_is_not_shown_and_changes_nothing() throws IOException {
        String key = create("ci", Set.of(), Set.of());
        byte[] before = Files.readAllBytes(file());
        Path folder = file().getParent();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));

        assertThatThrownBy(() -> keys.create("more", Set.of(), Set.of()))
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining(file().toString());

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(keys.list()).extracting(ApiKey::name).containsExactly("ci");
        assertThat(keys.accepts(key, "acme", "token")).isTrue();
    }

    @Test
    void keys_that_are_made_at_the_same_time_are_all_kept() throws InterruptedException {
        List<String> made = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String name = "key-" + i;
            threads.add(new Thread(() -> made.add(create(name, Set.of(), Set.of()))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        open();

        assertThat(keys.list()).hasSize(8);
        assertThat(made).hasSize(8).allMatch(key -> keys.accepts(key, "acme", "token"));
    }
}
