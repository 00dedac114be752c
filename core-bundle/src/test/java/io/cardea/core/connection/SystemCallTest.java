package io.cardea.core.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operating system is asked for before a credential is acknowledged, as strace sees it. */
class SystemCallTest {

    private static final Pattern OPENED = Pattern.compile("openat\\([^\"]*\"([^\"]*)\".* = (\\d+)$");

    @TempDir
    Path data;

    /** What must happen, one after the other; each finds the next line for which it holds. */
    private interface Step {
        boolean is(String line);
    }

    @Test
    void a_credential_is_written_synced_renamed_and_its_folder_synced_before_it_is_acknowledged() throws Exception {
        assumeTrue(System.getenv("CI") != null || isInstalled("strace"), "strace is not installed");
        Path trace = data.resolve("trace.txt");
        Process child = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-qq",
                        "-s",
                        "200",
                        "-e",
                        "trace=openat,write,fsync,rename,renameat,renameat2",
                        "-e",
                        "signal=none",
                        "-o",
                        trace.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingRuntime.class.getName(),
                        data.toString(),
                        "endlessly")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String acknowledged;
        try (BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            acknowledged = out.readLine();
        } finally {
            // The runtime first: strace, killed, would leave it running.
            child.descendants().forEach(ProcessHandle::destroyForcibly);
            child.waitFor();
        }
        assertThat(acknowledged).isNotNull();
        String name = "acme~number-" + acknowledged.split(" ")[0];

        List<String> lines = ended(Files.readAllLines(trace));
        int renamed = indexOf(lines, 0, line -> line.contains("rename") && line.contains("/" + name + "\""));
        Matcher temporary = Pattern.compile("\"([^\"]*/\\.tmp-[^\"]*)\"").matcher(lines.get(renamed));
        assertThat(temporary.find()).isTrue();
        String file = temporary.group(1);
        // Files.createFile opens it first and closes it; the second time it is written.
        int opened = lastIndexOf(lines, renamed, line -> descriptor(line, file).isPresent());
        String descriptor = descriptor(lines.get(opened), file).orElseThrow();
        int written = indexOf(lines, opened, line -> line.contains("write(" + descriptor + ", \"CVR1"));
        int synced = indexOf(lines, written, line -> line.contains("fsync(" + descriptor + ")"));
        assertThat(synced).isLessThan(renamed);
        String folder = file.substring(0, file.lastIndexOf('/'));
        int openedFolder =
                indexOf(lines, renamed, line -> descriptor(line, folder).isPresent());
        String ofFolder = descriptor(lines.get(openedFolder), folder).orElseThrow();
        int syncedFolder = indexOf(lines, openedFolder, line -> line.contains("fsync(" + ofFolder + ")"));
        int told = indexOf(lines, syncedFolder, line -> line.contains("write(1, \"" + acknowledged + "\\n\""));
        assertThat(told).isGreaterThan(syncedFolder);
    }

    /** Each call in one line, at the time of its end: another thread's may come between its beginning and that. */
    private static List<String> ended(List<String> lines) {
        Map<String, String> begun = new HashMap<>();
        List<String> ended = new ArrayList<>();
        for (String line : lines) {
            String thread = line.split(" +")[0];
            int unfinished = line.indexOf(" <unfinished ...>");
            int resumed = line.indexOf(" resumed>");
            if (unfinished >= 0) {
                begun.put(thread, line.substring(0, unfinished));
            } else if (resumed >= 0) {
                ended.add(begun.getOrDefault(thread, thread) + line.substring(resumed + " resumed>".length()));
            } else {
                ended.add(line);
            }
        }
        return ended;
    }

    private static Optional<String> descriptor(String line, String path) {
        Matcher opened = OPENED.matcher(line);
        return opened.find() && opened.group(1).equals(path) ? Optional.of(opened.group(2)) : Optional.empty();
    }

    private static int indexOf(List<String> lines, int from, Step step) {
        for (int i = from; i < lines.size(); i++) {
            if (step.is(lines.get(i))) {
                return i;
            }
        }
        throw new AssertionError("missing after line " + from);
    }

    private static int lastIndexOf(List<String> lines, int before, Step step) {
        for (int i = before - 1; i >= 0; i--) {
            if (step.is(lines.get(i))) {
                return i;
            }
        }
        throw new AssertionError("missing before line " + before);
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
