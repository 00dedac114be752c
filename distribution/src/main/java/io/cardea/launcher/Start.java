package io.cardea.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a command in the background that runs Cardea, and waits until that is ready or has failed. */
record Start(Settings settings, List<String> command) {
    private static final long PAUSE_MILLIS = 10;
    private static final int FAILED = 1;

    int perform() {
        new Folders().prepare(settings);
        Instance.refuseSecond(settings.data());
        Path console = settings.data().resolve("log").resolve("console.log");
        try {
            // Emptied at each start, so that it holds what this runtime said.
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(console.toFile())
                    .redirectErrorStream(true)
                    .start();
            while (!process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                Optional<String> url = Instance.find(settings.data())
                        .filter(owner -> owner.pid() == process.pid())
                        .flatMap(Instance.Owner::url);
                if (url.isPresent()) {
                    tell(console, Run.readyLine(url.get()));
                    return 0;
                }
            }
            return failed(process.exitValue(), console);
        } catch (IOException e) {
            throw new Refusal("Cannot start in the background: " + Refusal.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while waiting; Cardea may still become ready", e);
        }
    }

    /** What the runtime has told, warnings too, until it was ready; that it is, it may not have told yet. */
    private static void tell(Path console, String ready) throws IOException {
        for (String line :
                new String(Files.readAllBytes(console), UTF_8).strip().split("\n", -1)) {
            if (line.equals(ready)) {
                break;
            }
            System.out.println(line);
        }
        System.out.println(ready);
    }

    /** The last line is the reason, for a refusal is printed once and last. */
    private static int failed(int code, Path console) throws IOException {
        List<String> lines = Files.readAllLines(console);
        PrintStream err = System.err;
        err.println(lines.isEmpty() ? "Cardea ended with exit code " + code : lines.get(lines.size() - 1));
        return code == 0 ? FAILED : code;
    }
}
