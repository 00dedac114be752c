package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Spring Authorization Server, in a process of its own so that what it is made of stays off the class path. It knows
 * Ada, and the clients {@code basic}, {@code post}, {@code jwt} and {@code public}. It ends when its input does,
 * therefore with the process of the tests, too.
 */
final class AuthorizationServerProcess implements AutoCloseable {

    private final Path out;
    private final Process process;

    private AuthorizationServerProcess(Path out, Process process) {
        this.out = out;
        this.process = process;
    }

    /** @param settings such as {@code access-token-lifetime=2s} */
    static AuthorizationServerProcess started(Path folder, ClientKey key, String... settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                // It lives for seconds, in which the second compiler only costs.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("cardea.authorization-server"),
                "--jwk-set=" + key.jwkSet()));
        for (String setting : settings) {
            command.add("--" + setting);
        }
        try {
            Path out = folder.resolve("authorization-server.out");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectErrorStream(true);
            AuthorizationServerProcess server = new AuthorizationServerProcess(out, builder.start());
            server.url();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The issuer. */
    String url() {
        return "http://127.0.0.1:" + await("listening on ");
    }

    /** Adds to the redirect URIs of every client; those at {@code 127.0.0.1/callback} are allowed on any port anyway. */
    void allow(String redirectUri) {
        try {
            process.getOutputStream().write((redirectUri + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        await("allowed " + redirectUri);
    }

    private String await(String words) {
        Cardea.eventually(
                Duration.ofSeconds(60),
                () -> line(words).isPresent() || !process.isAlive(),
                () -> "'" + words + "' in " + Cardea.read(out));
        return line(words).orElseThrow(() -> new AssertionError("It ended: " + Cardea.read(out)));
    }

    private Optional<String> line(String beginning) {
        return Cardea.read(out)
                .lines()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()))
                .findFirst();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("the authorization server ends with its input")
                    .isTrue();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
