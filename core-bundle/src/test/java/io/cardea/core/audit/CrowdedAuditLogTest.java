package io.cardea.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes nothing for a while: a pipe that nobody reads. */
class CrowdedAuditLogTest {

    private static final ConnectionKey KEY = new ConnectionKey("acme", "work");

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path data;

    @Test
    @Timeout(30)
    void nobody_waits_for_the_disk_and_refused_keys_do_not_crowd_out_what_others_do() throws Exception {
        Path pipe = pipe();
        EventLog events = new EventLog();
        AuditLog audit = new AuditLog(new AuditFile(data, "audit.log", Long.MAX_VALUE), events, new AdjustableClock());

        for (int i = 0; i < 10_000; i++) {
            audit.keyRefused("k", "acme", "token", "127.0.0.1");
        }
        for (int i = 0; i < 100; i++) {
            events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.empty());
        }
        assertThat(log.text()).isEmpty();

        // The writer waits at the pipe, which costs the line that it holds; where the pipe was, there is a disk again.
        Files.newInputStream(Files.move(pipe, data.resolve("aside"))).close();
        audit.stop();
        assertThat(Files.readString(data.resolve("audit.log")).lines().filter(line -> line.contains("refresh")))
                .hasSize(100);
        assertThat(Files.readString(data.resolve("audit.log"))).contains("\"count\":9980");
    }

    @Test
    @Timeout(30)
    void what_the_disk_cannot_take_is_lost_and_the_log_says_so_once() throws Exception {
        Path pipe = pipe();
        EventLog events = new EventLog();
        AuditLog audit = new AuditLog(new AuditFile(data, "audit.log", Long.MAX_VALUE), events, new AdjustableClock());
        for (int i = 0; i < 3_000; i++) {
            events.tell(Event.Type.CONNECTION_REFRESHED, KEY, Optional.empty());
        }

        assertThat(log.text()).containsOnlyOnce("The audit log loses lines");
        Files.newInputStream(Files.move(pipe, data.resolve("aside"))).close();
        audit.stop();
    }

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = data.resolve("audit.log");
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return pipe;
    }
}
