package io.cardea.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {

    private static final ConnectionKey KEY = new ConnectionKey("acme", "work");
    private static final int LARGEST = 2000;

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path data;

    private final AdjustableClock clock = new AdjustableClock();
    private final EventLog events = new EventLog(clock);

    private AuditLog open() {
        return new AuditLog(new AuditFile(data, "audit.log", LARGEST), events, clock);
    }

    private Path file() {
        return data.resolve("audit.log");
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readString(file).split("\n")) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private JsonNode onlyLine() throws IOException {
        List<JsonNode> lines = lines(file());
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    @Test
    void each_event_is_a_line_also_those_before_it_listened() throws Exception {
        events.tell(Event.Type.PROVIDER_ARRIVED, "acme", Optional.of("io.acme 1.0.0"));
        AuditLog audit = open();
        events.tell(Event.Type.CONNECTION_CREATED, KEY, Optional.of("ada@example.org"));
        events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.empty());
        events.tell(Event.Type.CONNECTION_FAILED, KEY, Optional.of("provider_timeout: It took too long"));
        events.tell(Event.Type.CONNECTION_REMOVED, KEY, Optional.empty());
        events.tell(Event.Type.PROVIDER_DEPARTED, "acme", Optional.empty());
        audit.stop();

        assertThat(lines(file()))
                .extracting(line -> line.path("event").asText())
                .containsExactly(
                        "provider.arrived",
                        "login.completed",
                        "refresh.completed",
                        "refresh.failed",
                        "revocation.completed",
                        "provider.departed");
        JsonNode login = lines(file()).get(1);
        assertThat(login.path("time").asText()).isEqualTo(clock.instant().toString());
        assertThat(login.path("provider").asText()).isEqualTo("acme");
        assertThat(login.path("connection").asText()).isEqualTo("work");
        assertThat(login.path("detail").asText()).isEqualTo("ada@example.org");
    }

    @Test
    void a_deployment_is_a_line_without_a_provider() throws Exception {
        AuditLog audit = open();
        events.tell(Event.Type.DEPLOYMENT_FAILED, "acme.jar: it is no readable jar");
        events.tell(Event.Type.DEPLOYMENT_COMPLETED, "acme.jar: io.acme 1.0.0");
        audit.stop();

        assertThat(lines(file()))
                .extracting(line ->
                        line.path("event").asText() + " " + line.path("detail").asText())
                .containsExactly(
                        "deployment.failed acme.jar: it is no readable jar",
                        "deployment.completed acme.jar: io.acme 1.0.0");
        assertThat(lines(file())).noneMatch(line -> line.has("provider"));
    }

    @Test
    void a_failed_login_says_why() throws Exception {
        AuditLog audit = open();
        audit.loginFailed(
                KEY,
                new CompletionException(
                        new OAuthException(OAuthError.ACCESS_DENIED, Optional.of("acme"), "Access was denied")));
        audit.loginFailed(KEY, new IllegalStateException("the inside story"));
        audit.stop();

        assertThat(lines(file()).get(0).path("event").asText()).isEqualTo("login.failed");
        assertThat(lines(file()).get(0).path("error").asText()).isEqualTo("access_denied");
        assertThat(lines(file()).get(0).path("detail").asText()).isEqualTo("Access was denied");
        assertThat(lines(file()).get(1).path("error").asText()).isEqualTo("server_error");
        assertThat(Files.readString(file())).doesNotContain("inside");
    }

    @Test
    void of_a_refused_key_there_is_only_a_fingerprint() throws Exception {
        AuditLog audit = open();
        audit.keyRefused("the-wrong-key", "acme", "token", "127.0.0.1");
        audit.stop();

        JsonNode line = onlyLine();
        assertThat(line.path("event").asText()).isEqualTo("key.refused");
        assertThat(line.path("provider").asText()).isEqualTo("acme");
        assertThat(line.path("action").asText()).isEqualTo("token");
        assertThat(line.path("remote_address").asText()).isEqualTo("127.0.0.1");
        // printf the-wrong-key | sha256sum
        assertThat(line.path("key_fingerprint").asText()).isEqualTo("0625dd29");
        assertThat(Files.readString(file())).doesNotContain("the-wrong-key");
    }

    @Test
    void nothing_that_is_told_forges_a_line() throws Exception {
        AuditLog audit = open();
        events.tell(Event.Type.CONNECTION_FAILED, KEY, Optional.of("x\"}\n{\"event\":\"login.completed\"}\r\n\u0000"));
        audit.keyRefused("k", "a\n{\"event\":\"forged\"}", "token", "127.0.0.1");
        audit.stop();

        assertThat(lines(file())).hasSize(2);
        assertThat(lines(file()).get(0).path("event").asText()).isEqualTo("refresh.failed");
        assertThat(lines(file()).get(1).has("provider")).isFalse();
    }

    @Test
    void what_is_told_at_length_is_cut() throws Exception {
        AuditLog audit = open();
        events.tell(Event.Type.CONNECTION_FAILED, KEY, Optional.of("x".repeat(100_000)));
        audit.stop();

        assertThat(onlyLine().path("detail").asText()).hasSize(512);
    }

    @Test
    void it_is_for_its_user_alone_from_the_first_moment() throws Exception {
        AuditLog audit = open();
        events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.empty());
        audit.stop();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void it_is_added_to_and_never_begun_anew() throws Exception {
        for (int i = 0; i < 3; i++) {
            AuditLog audit = open();
            audit.keyRefused("k", "acme", "token", "127.0.0.1");
            audit.stop();
        }

        assertThat(lines(file())).hasSize(3);
    }

    @Test
    void a_large_one_moves_out_of_the_way_in_place_of_the_one_before() throws Exception {
        AuditLog audit = open();
        for (int i = 0; i < 100; i++) {
            events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.of("number " + i));
        }
        audit.stop();

        List<JsonNode> last = lines(file());
        List<JsonNode> before = lines(data.resolve("audit.log.1"));
        assertThat(Files.size(file())).isLessThanOrEqualTo(LARGEST);
        assertThat(Files.size(data.resolve("audit.log.1"))).isLessThanOrEqualTo(LARGEST);
        assertThat(last.get(last.size() - 1).path("detail").asText()).isEqualTo("number 99");
        int first = 100 - last.size();
        assertThat(before.get(before.size() - 1).path("detail").asText()).isEqualTo("number " + (first - 1));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("audit.log.1"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(data)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void one_that_others_may_read_is_not_written_to_and_the_log_says_so_once() throws Exception {
        AuditLog audit = open();
        Files.createFile(file());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        audit.keyRefused("k", "acme", "token", "127.0.0.1");
        audit.keyRefused("k", "acme", "token", "127.0.0.1");
        audit.stop();

        assertThat(Files.size(file())).isZero();
        assertThat(log.text()).containsOnlyOnce("The audit log loses lines").contains("chmod go-rwx");
    }

    @Test
    void a_symbolic_link_is_not_followed() throws Exception {
        Path other = Files.write(data.resolve("other"), "precious".getBytes(UTF_8));
        AuditLog audit = open();
        Files.createSymbolicLink(file(), other);
        audit.keyRefused("k", "acme", "token", "127.0.0.1");
        audit.stop();

        assertThat(other).hasContent("precious");
        assertThat(log.text()).contains("The audit log loses lines");
    }

    @Test
    void one_that_others_may_read_when_it_starts_is_refused() throws Exception {
        Files.createFile(file());
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(this::open)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("The audit log cannot be used: ")
                .hasMessageEndingWith("chmod go-rwx " + file());
    }

    @ParameterizedTest
    @ValueSource(strings = {"precious", "nothing"})
    void a_symbolic_link_when_it_starts_is_refused(String target) throws Exception {
        Path precious = Files.writeString(data.resolve("precious"), "precious");
        Files.createSymbolicLink(file(), data.resolve(target));

        assertThatThrownBy(this::open).hasMessage("The audit log cannot be used: " + file() + " is a symbolic link");
        assertThat(precious).hasContent("precious");
        assertThat(data.resolve("nothing")).doesNotExist();
    }

    @Test
    void a_disk_that_cannot_be_written_fails_nobody_and_when_it_can_again_lines_are_written_again() throws Exception {
        AuditLog audit = open();
        Files.createDirectory(file());
        for (int i = 0; i < 20; i++) {
            events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.empty());
        }
        audit.stop();
        assertThat(log.text()).containsOnlyOnce("The audit log loses lines");

        Files.delete(file());
        audit = open();
        audit.stop();
        assertThat(lines(file())).as("what the event log remembers").hasSize(20);
    }

    @Test
    void after_its_end_nothing_is_written_and_nobody_fails() throws Exception {
        AuditLog audit = open();
        audit.stop();
        audit.keyRefused("k", "acme", "token", "127.0.0.1");
        events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.empty());

        assertThat(file()).doesNotExist();
    }
}
