import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Compares how long Cardea takes until its ready line with how long an empty Felix with Felix HTTP Jetty takes until
 * its first 200, both from the start of the process. Build the distribution, then, in its module, with the JDK to measure:
 *
 * <pre>java src/bench/StartUp.java [rounds]</pre>
 *
 * The empty Felix is started as anybody starts one, by java and nothing else; and, to see what Cardea itself costs, by the
 * same bin/cardea, hence with the same options of the virtual machine and a class archive of its own. It has the bundles
 * that Jetty needs to resolve (servlet API, multipart support, an SLF4J 2). They take turns; the first starts of each,
 * which write the archives, are not counted. The demand is on the first of the two ratios.
 */
public class StartUp {
    private static final double DEMAND = 1.5;
    private static final int WARM_UPS = 3;
    private static final List<String> NEEDED = List.of(
            "pax-logging-api-", "org.apache.felix.http.jetty12-", "org.apache.felix.http.servlet-api-", "commons-");

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 11;
        Path cardea = Path.of("target", "cardea").toAbsolutePath();
        Path scratch = Files.createTempDirectory("cardea-start-up");
        try {
            Path empty = emptyFelix(cardea, scratch);
            List<Long> ours = new ArrayList<>();
            List<Long> theirs = new ArrayList<>();
            List<Long> tuned = new ArrayList<>();
            for (int round = -WARM_UPS; round < rounds; round++) {
                long one = start(cardea.resolve("bin/cardea") + " run", scratch.resolve("cardea-data"));
                long other = start(plainly(empty), scratch.resolve("plain-data"));
                long third = start(empty.resolve("bin/cardea") + " run", scratch.resolve("tuned-data"));
                if (round >= 0) {
                    ours.add(one);
                    theirs.add(other);
                    tuned.add(third);
                }
            }
            double ratio = (double) median(ours) / median(theirs);
            System.out.printf(
                    "Java %s, %d rounds: Cardea %d ms, empty Felix with Jetty %d ms, ratio %.2f (at most %.1f);"
                            + " by bin/cardea it takes %d ms, ratio %.2f%n",
                    Runtime.version(),
                    rounds,
                    median(ours),
                    median(theirs),
                    ratio,
                    DEMAND,
                    median(tuned),
                    (double) median(ours) / median(tuned));
            System.out.println("Cardea " + ours + System.lineSeparator() + "empty  " + theirs
                    + System.lineSeparator() + "tuned  " + tuned);
            System.exit(ratio <= DEMAND ? 0 : 1);
        } finally {
            delete(scratch);
        }
    }

    private static String plainly(Path home) {
        return Path.of(System.getProperty("java.home"), "bin/java") + " -Dcardea.home=" + home + " -jar "
                + home.resolve("bin/launcher.jar");
    }

    /** Milliseconds until the line that says ready. */
    private static long start(String command, Path data) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command.split(" "));
        builder.environment().keySet().removeIf(key -> key.startsWith("CARDEA_") && !key.equals("CARDEA_JAVA_OPTS"));
        builder.environment().put("CARDEA_DATA", data.toString());
        builder.environment().put("CARDEA_HTTP_PORT", Integer.toString(freePort()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        long begin = System.nanoTime();
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().filter(line -> line.contains(" is ready")).findFirst().orElseThrow();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            process.destroy();
            process.waitFor();
            return millis;
        }
    }

    private static Path emptyFelix(Path cardea, Path scratch) throws Exception {
        Path home = scratch.resolve("empty");
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path bundles = Files.createDirectories(home.resolve("bundles"));
        Path framework = Files.copy(cardea.resolve("bin/framework.jar"), bin.resolve("framework.jar"));
        Files.copy(cardea.resolve("bin/cardea"), bin.resolve("cardea"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        try (Stream<Path> jars = Files.walk(cardea.resolve("bundles"))) {
            for (Path jar : jars.toList()) {
                String name = jar.getFileName().toString();
                if (NEEDED.stream().anyMatch(name::startsWith)) {
                    Files.copy(jar, bundles.resolve(name));
                }
            }
        }
        Path classes = Files.createDirectories(scratch.resolve("classes"));
        int failed = ToolProvider.getSystemJavaCompiler().run(
                null, null, null, "-cp", framework.toString(), "-d", classes.toString(), "src/bench/EmptyFelix.java");
        if (failed != 0) {
            throw new IllegalStateException("src/bench/EmptyFelix.java does not compile");
        }
        jar(classes.resolve("EmptyFelix.class"), bin.resolve("launcher.jar"));
        return home;
    }

    private static void jar(Path type, Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "EmptyFelix");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "framework.jar");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry(type.getFileName().toString()));
            jar.write(Files.readAllBytes(type));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
