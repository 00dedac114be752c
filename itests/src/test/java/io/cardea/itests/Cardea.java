package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The distribution as it is shipped, run by its own {@code bin/cardea} in a process of its own, with data and deploy
 * folders of its own on a free port.
 */
final class Cardea implements AutoCloseable {

    static final Path HOME = Path.of(System.getProperty("cardea.distribution"));

    /** What a command printed, and how it ended. */
    record Outcome(int exitCode, String out, String err) {}

    private final Path home;
    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private String url = "";

    /** A Cardea that does not run yet. */
    Cardea(Path folder) {
        this(HOME, folder);
    }

    /** Another copy of the distribution. */
    Cardea(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
        environment.put("CARDEA_HTTP_PORT", "0");
        environment.put("CARDEA_DATA", folder.resolve("data").toString());
        environment.put("CARDEA_DEPLOY", deploy().toString());
        try {
            Files.createDirectories(deploy());
            Files.setPosixFilePermissions(deploy(), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Cardea started(Path folder) {
        Cardea cardea = new Cardea(folder);
        cardea.start("start");
        return cardea;
    }

    /** With the playground. */
    static Cardea demo(Path folder) {
        Cardea cardea = new Cardea(folder);
        cardea.startInForeground("demo");
        return cardea;
    }

    Cardea with(String setting, String value) {
        environment.put(setting, value);
        return this;
    }

    Path deploy() {
        return folder.resolve("deploy");
    }

    Path data() {
        return folder.resolve("data");
    }

    String url() {
        return url;
    }

    /** Writes the file that makes a provider which is only data, or changes it. */
    Cardea configure(String provider, String... lines) {
        try {
            Files.write(configuration(provider), List.of(lines));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    Path configuration(String provider) {
        return deploy().resolve("io.cardea.provider~" + provider + ".cfg");
    }

    void start(String verb) {
        Outcome outcome = run(verb);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        url = readyUrl(outcome.out());
    }

    private final List<Process> foreground = new ArrayList<>();

    /** Runs a verb that does not return, until the ready line comes. */
    void startInForeground(String verb) {
        try {
            Path out = folder.resolve(verb + ".out");
            foreground.add(builder(verb)
                    .redirectOutput(out.toFile())
                    .redirectErrorStream(true)
                    .start());
            eventually(Duration.ofSeconds(60), () -> read(out).contains("Cardea is ready at"), () -> read(out));
            url = readyUrl(read(out));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String readyUrl(String out) {
        return out.lines()
                .filter(line -> line.startsWith("Cardea is ready at "))
                .map(line -> line.substring("Cardea is ready at ".length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No ready line in: " + out));
    }

    /** Runs a verb to its end. */
    Outcome run(String... arguments) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            Process process = builder(arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            assertThat(process.waitFor(90, TimeUnit.SECONDS))
                    .as("cardea %s ends", List.of(arguments))
                    .isTrue();
            return new Outcome(process.exitValue(), read(out), read(err));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/cardea").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        // The JVM under test is the one that runs the tests.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    HttpResponse<String> post(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** With the API key. */
    HttpResponse<String> call(String path, String json) {
        return post(path, json, "Authorization", "Bearer " + apiKey());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String apiKey() {
        return read(data().resolve("keys/api-key")).trim();
    }

    String log() {
        return read(data().resolve("log/cardea.log"));
    }

    static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until something is so; fails when it is not within the time. */
    static Duration eventually(Duration within, BooleanSupplier isSo, java.util.function.Supplier<String> otherwise) {
        long begin = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - begin > within.toNanos()) {
                throw new AssertionError("Not within " + within + ": " + otherwise.get());
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** As a power cut would end it: nothing is said good-bye to. What {@code start} started can be started again. */
    void kill() {
        long pid = Long.parseLong(
                read(data().resolve("running")).lines().findFirst().orElseThrow());
        ProcessHandle runtime = ProcessHandle.of(pid)
                .filter(process -> process.info().commandLine().orElse("").contains("launcher.jar"))
                .orElseThrow();
        assertThat(runtime.destroyForcibly()).isTrue();
        try {
            runtime.onExit().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (Process process : foreground) {
            process.destroy();
            try {
                assertThat(process.waitFor(30, TimeUnit.SECONDS))
                        .as("Cardea stops on SIGTERM")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (foreground.isEmpty()) {
            run("stop");
        }
    }
}
