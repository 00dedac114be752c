import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * How long it takes until a provider's jar serves: from its last byte in the deploy folder, and from {@code oauth:deploy},
 * to the first redirect of its login. Build the distribution, then, in its module:
 *
 * <pre>java src/bench/DeployLatency.java [rounds]</pre>
 *
 * In each round a jar arrives, another one takes its place, and it is deleted; the first rounds warm up and are not counted.
 */
public class DeployLatency {
    private static final int WARM_UPS = 5;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        Path scratch = Files.createTempDirectory("cardea-bench");
        Path deploy = Files.createDirectory(scratch.resolve("deploy"));
        compile(Files.createDirectory(scratch.resolve("classes")));
        Process cardea = start(scratch, deploy);
        boolean good;
        try {
            String url = ready(cardea);
            bundle(scratch, deploy.resolve("door.jar"), "");
            await(url + "/bench/deploy?file=none", answer -> answer.statusCode() != 404);
            List<Double> copied = new ArrayList<>();
            List<Double> commanded = new ArrayList<>();
            for (int round = -WARM_UPS; round < rounds; round++) {
                List<Double> folder = round(scratch, deploy, url, false, round * 4);
                List<Double> verb = round(scratch, deploy, url, true, round * 4 + 2);
                if (round >= 0) {
                    copied.addAll(folder);
                    commanded.addAll(verb);
                }
            }
            System.out.printf(
                    "Java %s, %d jars each: from the last byte p50 %.0f ms, p95 %.0f ms (below 500);"
                            + " from oauth:deploy p50 %.0f ms, p95 %.0f ms (below 150)%n",
                    Runtime.version(), copied.size(), percentile(copied, 50), percentile(copied, 95),
                    percentile(commanded, 50), percentile(commanded, 95));
            good = percentile(copied, 95) < 500 && percentile(commanded, 95) < 150;
        } finally {
            cardea.destroy();
            cardea.waitFor();
            delete(scratch);
        }
        System.exit(good ? 0 : 1);
    }

    /** One arrival and one update, in milliseconds. */
    private static List<Double> round(Path scratch, Path deploy, String url, boolean verb, int number) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int change = 0; change < 2; change++) {
            String client = "client-" + (number + change);
            Path jar = scratch.resolve("bench.jar");
            bundle(scratch, jar, client);
            byte[] content = Files.readAllBytes(jar);
            // At any moment between two looks into the folder.
            Thread.sleep(ThreadLocalRandom.current().nextInt(250));
            long begin;
            if (verb) {
                begin = System.nanoTime();
                String told = get(url + "/bench/deploy?file=" + jar).body();
                if (!told.startsWith("bench.jar runs")) {
                    throw new IllegalStateException(told);
                }
            } else {
                Files.write(deploy.resolve("bench.jar"), content);
                begin = System.nanoTime();
            }
            await(url + "/oauth/bench/login", answer -> answer.headers()
                    .firstValue("Location")
                    .orElse("")
                    .contains("client_id=" + client + "&"));
            millis.add((System.nanoTime() - begin) / 1e6);
        }
        // The folder is looked at meanwhile, and what the verb has done there is no news.
        Thread.sleep(400);
        Files.delete(deploy.resolve("bench.jar"));
        await(url + "/oauth/bench/login", answer -> answer.statusCode() == 404);
        return millis;
    }

    private static void await(String url, Predicate<HttpResponse<String>> expected) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        HttpResponse<String> answer = get(url);
        while (!expected.test(answer)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(url + " answers " + answer.statusCode() + " " + answer.body());
            }
            Thread.sleep(1);
            answer = get(url);
        }
    }

    private static Process start(Path scratch, Path deploy) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of("target", "cardea", "bin", "cardea").toAbsolutePath().toString(), "run");
        builder.environment().keySet().removeIf(key -> key.startsWith("CARDEA_"));
        builder.environment().put("CARDEA_DATA", scratch.resolve("data").toString());
        builder.environment().put("CARDEA_DEPLOY", deploy.toString());
        builder.environment().put("CARDEA_HTTP_PORT", "0");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        return builder.start();
    }

    private static String ready(Process cardea) throws IOException {
        BufferedReader lines = cardea.inputReader();
        String line = "";
        while (!line.startsWith("Cardea is ready at ")) {
            line = lines.readLine();
        }
        return line.substring("Cardea is ready at ".length());
    }

    private static void compile(Path classes) throws IOException {
        String classPath;
        try (Stream<Path> jars = Files.walk(Path.of("target", "cardea"))) {
            classPath = jars.map(Path::toString).filter(jar -> jar.endsWith(".jar")).collect(Collectors.joining(":"));
        }
        int failed = ToolProvider.getSystemJavaCompiler().run(
                null, null, null, "--release", "17", "-cp", classPath, "-d", classes.toString(),
                "src/bench/DeployDoor.java");
        if (failed != 0) {
            throw new IllegalStateException("src/bench/DeployDoor.java does not compile");
        }
    }

    /** @param client the provider's; empty for the door */
    private static void bundle(Path scratch, Path target, String client) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", client.isEmpty() ? "bench.door" : "bench.provider");
        main.putValue("Bundle-Activator", "DeployDoor");
        if (!client.isEmpty()) {
            main.putValue("Bench-Client", client);
        }
        main.putValue(
                "Import-Package",
                "jakarta.servlet;version=6,jakarta.servlet.http;version=6,org.osgi.framework,io.cardea.oauth.provider");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target), manifest);
                Stream<Path> types = Files.list(scratch.resolve("classes"))) {
            for (Path type : types.toList()) {
                jar.putNextEntry(new JarEntry(type.getFileName().toString()));
                jar.write(Files.readAllBytes(type));
            }
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static double percentile(List<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
