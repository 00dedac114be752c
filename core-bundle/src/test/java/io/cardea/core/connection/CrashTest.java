package io.cardea.core.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.file.PrivateFolder;
import io.cardea.core.vault.StoredConnection;
import io.cardea.core.vault.TestVault;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A runtime that is killed loses nothing that it acknowledged. Samples; CONTRIBUTING tells how to run it for long. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CrashTest {

    private static final int KILLS = Integer.getInteger("cardea.crash.kills", 0);
    private static final Duration SAMPLE = Duration.ofSeconds(20);
    private static final int TIMES = Integer.getInteger("cardea.crash.times", 2);
    private static final ConnectionKey KEY = new ConnectionKey("acme", "default");

    private final Random random = new Random();

    @TempDir
    Path data;

    private Process child(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingRuntime.class.getName(),
                data.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @BeforeEach
    void make() throws IOException {
        // The key and an empty vault.
        TestVault.open(data, PrivateFolder.Steps.ALL_WELL).close().run();
    }

    @Test
    void no_acknowledged_credential_is_lost_or_torn_however_often_the_runtime_is_killed() throws Exception {
        int[] acknowledged = new int[CrashingRuntime.CONNECTIONS];
        int kills = 0;
        int writes = 0;
        long end = System.nanoTime() + SAMPLE.toNanos();
        while (KILLS > 0 ? kills < KILLS : System.nanoTime() < end) {
            Process child = child("endlessly");
            try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
                String line = out.readLine();
                // From the first acknowledged write on, or with luck in the midst of the second.
                long killAt = System.nanoTime() + random.nextLong(150_000_000);
                while (line != null) {
                    String[] ack = line.split(" ");
                    acknowledged[Integer.parseInt(ack[0])] = Integer.parseInt(ack[1]);
                    writes++;
                    if (System.nanoTime() >= killAt) {
                        child.toHandle().destroyForcibly();
                    }
                    line = out.readLine();
                }
            } finally {
                child.destroyForcibly().waitFor();
            }
            kills++;
            assertNothingIsLost(acknowledged);
        }
        System.out.printf("%d kills, %d acknowledged writes%n", kills, writes);
        assertThat(writes).isGreaterThan(kills);
    }

    private void assertNothingIsLost(int[] acknowledged) throws IOException {
        TestVault.AtRest rest = TestVault.open(data, PrivateFolder.Steps.ALL_WELL);
        try {
            for (int i = 0; i < acknowledged.length; i++) {
                if (acknowledged[i] > 0) {
                    Credential stored = rest.vault()
                            .read(CrashingRuntime.key(i))
                            .orElseThrow()
                            .credential();
                    int number = Integer.parseInt(stored.accessToken().split(" ")[1]);
                    assertThat(number).isGreaterThanOrEqualTo(acknowledged[i]);
                    assertThat(stored.refreshToken()).hasValue("refresh " + number);
                }
            }
            try (Stream<Path> files = Files.walk(data)) {
                assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("tmp"));
            }
        } finally {
            rest.close().run();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before the request",
                "before the server looks",
                "before the server answers",
                "after the answer",
                "at CREATE",
                "at WRITE",
                "at SYNC",
                "at RENAME",
                "at SYNC_FOLDER"
            })
    void wherever_a_refresh_is_killed_no_spent_token_is_sent_twice_and_the_outcome_is_clear(String point)
            throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (RotatingServer server = new RotatingServer()) {
                logIn(server.grant());
                assertThat(refresh(server, point)).as("it is killed").isEmpty();
                // Every other time it is killed again, at the second try.
                if (i % 2 == 1) {
                    refresh(server, point);
                }
                String outcome = refresh(server, "nowhere").orElseThrow();

                if (outcome.startsWith("token ")) {
                    assertThat(server.isValid(outcome.substring("token ".length())))
                            .isTrue();
                } else {
                    assertThat(outcome).isEqualTo("reauthorization_required");
                }
                assertThat(server.spentTokensSent()).isLessThanOrEqualTo(1);
                if (point.equals("before the request") || point.equals("at SYNC_FOLDER")) {
                    assertThat(server.spentTokensSent()).isZero();
                }
            }
        }
    }

    private void logIn(String refreshToken) {
        TestVault.AtRest rest = TestVault.open(data, PrivateFolder.Steps.ALL_WELL);
        rest.vault()
                .write(new StoredConnection(
                        KEY,
                        rest.vault().version(KEY) + 1,
                        Credential.bearer("the-first").withRefreshToken(refreshToken),
                        Profile.UNKNOWN,
                        "",
                        Instant.now(),
                        Optional.empty(),
                        false));
        rest.close().run();
    }

    /** What the runtime tells, unless it dies. */
    private Optional<String> refresh(RotatingServer server, String point) throws Exception {
        Process child = child("once", server.tokenEndpoint(), point);
        server.killsAt(point, child);
        try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            return Optional.ofNullable(out.readLine());
        } finally {
            child.waitFor();
        }
    }
}
