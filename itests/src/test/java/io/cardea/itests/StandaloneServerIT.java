package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test kit's server by itself, run by the command that is written for those who write providers. */
class StandaloneServerIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path PROJECT = Path.of("..");

    @TempDir
    Path folder;

    @Test
    void one_command_makes_a_provider_to_log_in_to_and_tells_what_its_server_was_asked() throws Exception {
        Path told = folder.resolve("told");
        try (Cardea cardea = Cardea.started(folder)) {
            Process server = started(cardea, told);
            try {
                URI login = URI.create(cardea.url() + "/oauth/acme/login");
                Cardea.eventually(SOON, () -> cardea.get(login.getPath()).statusCode() == 302, () -> Cardea.read(told));
                Browser browser = new Browser();
                HttpResponse<String> page = browser.follow(browser.get(login), url -> false);

                assertThat(page.statusCode())
                        .as(Cardea.read(told) + page.body())
                        .isEqualTo(200);
                assertThat(page.body()).contains("You are logged in", "ada@acme.example");
                Cardea.eventually(
                        SOON,
                        () -> Cardea.read(told).contains("POST /token was answered 200"),
                        () -> Cardea.read(told));
            } finally {
                server.destroy();
                assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** The command as it is written, but for where Cardea is. */
    private static Process started(Cardea cardea, Path told) throws IOException {
        Matcher command = Pattern.compile("```sh\n(java -cp .*?StandaloneServer acme.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PROJECT.resolve("provider-bundles/README.md")));
        assertThat(command.find()).isTrue();
        String here = command.group(1)
                .replace("Server acme", "Server acme " + cardea.url() + "/oauth/acme/callback")
                .replace("distribution/target/cardea/deploy", cardea.deploy().toString());
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "exec " + here)
                .directory(PROJECT.toFile())
                .redirectError(told.toFile());
        Path java = Path.of(System.getProperty("java.home"), "bin");
        shell.environment().merge("PATH", java.toString(), (path, ours) -> ours + ":" + path);
        return shell.start();
    }
}
