package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.seal.Sealer;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.DeviceLogin;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.ManualLogin;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The files of logins that programs watch over. */
class FlowsAtRestTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static final ConnectionKey KEY = new ConnectionKey("acme", "tv");

    private HostileSetup login;
    private DeviceLogin device;

    @BeforeEach
    void open() throws IOException {
        login = new HostileSetup(osgi.context());
        device = begin();
    }

    @AfterEach
    void close() {
        login.assertNoSecretIn(log);
        assertThat(log.text()).doesNotContain(device.flow(), "WDJB-MJHT");
        login.close();
    }

    private DeviceLogin begin() {
        return await(login.flows.beginDevice(KEY, List.of()));
    }

    private void assertPending(DeviceLogin one) {
        assertThat(login.flows.status(one.flow()).state()).isEqualTo(State.PENDING);
    }

    private void assertLost(DeviceLogin one) {
        assertThatThrownBy(() -> login.flows.status(one.flow()))
                .isInstanceOfSatisfying(
                        OAuthException.class, gone -> assertThat(gone.error()).isEqualTo(OAuthError.UNKNOWN_FLOW));
    }

    private Path file() {
        assertThat(login.flowFiles()).hasSize(1);
        return login.flowFiles().get(0);
    }

    private long toldOf(Path file) {
        return log.text()
                .lines()
                .filter(line -> line.contains(file.getFileName().toString()))
                .count();
    }

    @Test
    void they_are_for_cardeas_user_alone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(login.flowFolder())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void nothing_of_a_login_is_in_them_in_plain() throws IOException {
        ManualLogin manual = await(login.flows.beginManual(LoginSetup.request()));
        Map<String, String> query = HostileServer.query(URI.create(manual.authorizationUrl()));

        assertThat(login.flowFiles()).hasSize(2);
        for (Path file : login.flowFiles()) {
            String all = file.getFileName() + new String(Files.readAllBytes(file), ISO_8859_1);
            assertThat(all)
                    .doesNotContain(
                            HostileServer.DEVICE_CODE,
                            "WDJB-MJHT",
                            "acme",
                            "pending",
                            device.flow(),
                            manual.flow(),
                            query.get("state"),
                            query.get("nonce"));
        }
    }

    @Test
    void one_that_has_ended_keeps_no_code() throws IOException {
        long pending = Files.size(file());
        login.server.refusingPolls("access_denied");
        login.timer.next();
        eventually(() -> login.flows.status(device.flow()).state() == State.DENIED);

        assertThat(Files.size(file())).isLessThan(pending / 2);
    }

    @Test
    void one_that_is_over_is_removed_though_nobody_asks() {
        login.clock.pass(Duration.ofMinutes(20));
        assertThat(login.forgetting.next()).isEqualTo(Duration.ofSeconds(1201));
        assertThat(login.flowFiles()).hasSize(1);
        login.clock.pass(Duration.ofSeconds(1));
        assertThat(login.forgetting.next()).isEqualTo(Duration.ofSeconds(1));

        assertThat(login.flowFiles()).isEmpty();
        assertThat(login.forgetting.isIdle()).isTrue();
    }

    @Test
    void a_damaged_one_costs_itself_and_is_told_once() throws IOException {
        Path file = file();
        DeviceLogin other = begin();
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        login.restart();
        login.restart();

        assertLost(device);
        assertPending(other);
        assertThat(toldOf(file)).isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void an_empty_one_costs_itself() throws IOException {
        Files.write(file(), new byte[0]);
        login.restart();

        assertLost(device);
    }

    @Test
    void one_under_the_name_of_another_is_not_believed() throws IOException {
        Path file = file();
        DeviceLogin other = begin();
        Path others = login.flowFiles().stream()
                .filter(one -> !one.equals(file))
                .findFirst()
                .orElseThrow();
        Files.copy(file, others, StandardCopyOption.REPLACE_EXISTING);
        login.restart();

        assertPending(device);
        assertLost(other);
        assertThat(others).doesNotExist();
    }

    @Test
    void what_is_none_of_ours_is_left_alone() throws IOException {
        Path foreign = login.flowFolder().resolve("README");
        Files.writeString(foreign, "What is this folder for?");
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rw-------"));
        login.restart();

        assertPending(device);
        assertThat(foreign).hasContent("What is this folder for?");
        assertThat(toldOf(foreign)).isEqualTo(1);
    }

    @Test
    void what_was_being_written_at_the_end_is_swept() throws IOException {
        Path unfinished = login.flowFolder().resolve(".tmp-0123456789abcdef");
        Files.writeString(unfinished, "half");
        login.restart();

        assertThat(unfinished).doesNotExist();
        assertPending(device);
    }

    @Test
    void one_that_others_may_read_waits_until_that_is_mended() throws IOException {
        Path file = file();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        login.restart();
        assertLost(device);
        assertThat(log.text()).contains("chmod go-rwx");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        login.restart();

        assertPending(device);
    }

    @Test
    void a_link_is_not_followed() throws IOException {
        Path file = file();
        Path elsewhere = login.setup.data.resolve("elsewhere");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, elsewhere.toAbsolutePath());
        login.restart();

        assertLost(device);
        assertThat(log.text()).contains("symbolic link");
    }

    @Test
    void a_folder_that_others_may_read_is_not_used() throws IOException {
        Files.setPosixFilePermissions(login.flowFolder(), PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(login::restart)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("chmod go-rwx");
    }

    @Test
    void one_that_is_larger_than_any_is_not_read() throws IOException {
        Path file = file();
        Sealer sealer = login.vaultKey.current().sealer("flow");
        String place = "flow " + file.getFileName();
        byte[] message = sealer.open(Files.readAllBytes(file), place).orElseThrow();
        String padded = new String(message, UTF_8) + " ".repeat(16 * 1024);
        Files.write(file, sealer.seal(padded.getBytes(UTF_8), place));
        login.restart();

        assertLost(device);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_login_that_is_too_large_to_be_written_works_until_a_restart() {
        String code = "c".repeat(20_000);
        login.server.answer(
                "/device",
                Answer.json(
                        200,
                        "{\"device_code\":\"" + code + "\",\"user_code\":\"WDJB-MJHT\","
                                + "\"verification_uri\":\"https://as.example/device\"}"));
        DeviceLogin large = begin();
        assertPending(large);
        assertThat(log.text()).contains("will not survive a restart").doesNotContain(code);
        assertThat(login.flowFiles()).hasSize(1);
        login.restart();

        assertLost(large);
        assertPending(device);
    }

    @Test
    void a_new_vault_key_seals_them_before_the_old_one_goes() throws IOException {
        login.vaultKey.change();
        DeviceLogin later = begin();
        login.vaultKey.retire();
        assertThat(Files.readAllLines(login.vaultKey.path())).hasSize(1);
        login.restart();

        assertPending(device);
        assertPending(later);
    }

    @Test
    void a_change_of_the_key_that_a_crash_broke_off_is_made_up_for_at_the_next_start() throws IOException {
        login.vaultKey.change();
        login.restart();
        assertPending(device);
        // As if it had been the last one that was sealed with it.
        Files.write(
                login.vaultKey.path(), Files.readAllLines(login.vaultKey.path()).subList(0, 1));
        login.restart();

        assertPending(device);
    }

    @Test
    void under_a_key_that_is_not_known_they_are_lost() throws IOException {
        login.flows.stop();
        login.vaultKey.change();
        login.vaultKey.retire();
        login.restart();

        assertLost(device);
        assertThat(login.flowFiles()).isEmpty();
        assertPending(begin());
    }
}
