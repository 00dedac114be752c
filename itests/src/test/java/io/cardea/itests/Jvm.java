package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The virtual machine that a Cardea runs in, seen from outside. */
final class Jvm {

    private static final Pattern LIVE = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern METASPACE = Pattern.compile("Both:\\s+(\\d+)\\.\\d+ KB used");
    private static final Pattern LOADERS = Pattern.compile("BundleWiringImpl\\$BundleClassLoader\\w*$");
    private static final Pattern CLASSES = Pattern.compile("(?m)^Total = \\d+\\s+(\\d+)");

    private final long pid;

    /** What is in use after collections. */
    record Usage(long loaders, long classes, long metaspace, long heap, long threads, long descriptors) {}

    Jvm(Cardea cardea) {
        this.pid = Long.parseLong(Cardea.read(cardea.data().resolve("running"))
                .lines()
                .findFirst()
                .orElseThrow());
    }

    void collect() {
        command("GC.run");
    }

    Usage usage() {
        for (int times = 0; times < 3; times++) {
            collect();
        }
        String loaders = command("VM.classloader_stats");
        return new Usage(
                loaders.lines().filter(line -> LOADERS.matcher(line).find()).count(),
                number(CLASSES, loaders),
                number(METASPACE, command("VM.metaspace", "basic", "scale=K")) * 1024,
                number(LIVE, command("GC.class_histogram")),
                command("Thread.print")
                        .lines()
                        .filter(line -> line.startsWith("\"") && line.contains(" os_prio=") && line.contains("#"))
                        .filter(line -> !line.contains("CompilerThread"))
                        .count(),
                descriptors());
    }

    private long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return Long.parseLong(found.group(1));
    }

    private String command(String... words) {
        try {
            String jcmd =
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            List<String> command = new ArrayList<>(List.of(jcmd, String.valueOf(pid)));
            command.addAll(List.of(words));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(out).isZero();
            return out;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
