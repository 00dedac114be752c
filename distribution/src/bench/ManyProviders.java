import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a thousand providers that are only data cost: time at the start, heap, and the speed of a login. Build the
 * distribution, then, in its module:
 *
 * <pre>java src/bench/ManyProviders.java [rounds]</pre>
 *
 * Starts Cardea with none, with 10 and with 1,000 definitions in its deploy folder, from the start of the process until all
 * of them are available; asks each for its heap after a full collection; and lets the last two take turns in answering
 * logins.
 */
public class ManyProviders {
    private static final int FEW = 10;
    private static final int MANY = 1_000;
    private static final int WARM_UPS = 4;
    private static final int CLIENTS = 8;
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Pattern AVAILABLE = Pattern.compile("\"is_available\":true");
    private static final Pattern USED = Pattern.compile("(?:used |total \\d+K, used )(\\d+)K");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One that runs, and how long it took until all its providers were available. */
    private record Running(Process process, Path scratch, String url, long startMillis) implements AutoCloseable {

        static Running with(int providers) throws Exception {
            Path scratch = Files.createTempDirectory("cardea-bench");
            Path deploy = Files.createDirectory(scratch.resolve("deploy"));
            for (int i = 0; i < providers; i++) {
                Files.writeString(
                        deploy.resolve("io.cardea.provider~service-" + i + ".cfg"),
                        "display_name = Service " + i + "\nauthorization_endpoint = https://as" + i
                                + ".example/authorize\ntoken_endpoint = https://as" + i
                                + ".example/token\nrevocation_endpoint = https://as" + i
                                + ".example/revoke\nclient_id = cardea-at-" + i
                                + "\nclient_auth = none\nscope = email profile\n");
            }
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of("target", "cardea", "bin", "cardea").toAbsolutePath().toString(), "run");
            builder.environment().keySet().removeIf(key -> key.startsWith("CARDEA_"));
            builder.environment().put("CARDEA_DATA", scratch.resolve("data").toString());
            builder.environment().put("CARDEA_DEPLOY", deploy.toString());
            builder.environment().put("CARDEA_HTTP_PORT", "0");
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            long begin = System.nanoTime();
            Process process = builder.start();
            BufferedReader lines = process.inputReader();
            String line = "";
            while (!line.startsWith("Cardea is ready at ")) {
                line = lines.readLine();
            }
            String url = line.substring("Cardea is ready at ".length());
            while (AVAILABLE.matcher(get(url + "/oauth/providers").body()).results().count() < providers) {
                Thread.sleep(5);
            }
            return new Running(process, scratch, url, (System.nanoTime() - begin) / 1_000_000);
        }

        /** In KiB, of what is in use. */
        long heap() throws Exception {
            for (int i = 0; i < 3; i++) {
                jcmd("GC.run");
            }
            Matcher used = USED.matcher(jcmd("GC.heap_info"));
            long sum = 0;
            // The generations; what follows is metaspace.
            for (int generation = 0; generation < 2 && used.find(); generation++) {
                sum += Long.parseLong(used.group(1));
            }
            return sum;
        }

        private String jcmd(String command) throws Exception {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                            Long.toString(runtime()),
                            command)
                    .redirectErrorStream(true)
                    .start();
            return new String(jcmd.getInputStream().readAllBytes());
        }

        private long runtime() throws IOException {
            return Long.parseLong(Files.readAllLines(scratch.resolve("data/running")).get(0));
        }

        /** Login redirects a second, each from the next provider. */
        double load(int providers) {
            long end = System.nanoTime() + TURN_NANOS;
            int[] counts = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> CompletableFuture.supplyAsync(() -> {
                        int count = 0;
                        for (int i = client; System.nanoTime() < end; i = (i + CLIENTS) % providers) {
                            HttpResponse<String> answer = get(url + "/oauth/service-" + i + "/login");
                            if (answer.statusCode() != 302) {
                                throw new IllegalStateException(answer + answer.body());
                            }
                            count++;
                        }
                        return count;
                    }))
                    .toList()
                    .stream()
                    .mapToInt(CompletableFuture::join)
                    .toArray();
            return IntStream.of(counts).sum() / (TURN_NANOS / 1e9);
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            process.waitFor();
            try (Stream<Path> files = Files.walk(scratch)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", Integer.toString(CLIENTS));
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        long none;
        long heapOfNone;
        // The first writes the archive of classes that all others start from.
        Running.with(0).close();
        try (Running without = Running.with(0)) {
            none = without.startMillis();
            heapOfNone = without.heap();
        }
        boolean good;
        try (Running few = Running.with(FEW);
                Running many = Running.with(MANY)) {
            long more = many.startMillis() - none;
            double each = (double) (many.heap() - heapOfNone) / MANY;
            List<Double> ratios = new ArrayList<>();
            for (int round = -WARM_UPS; round < rounds; round++) {
                double ofFew = few.load(FEW);
                double ofMany = many.load(MANY);
                if (round >= 0) {
                    ratios.add(ofMany / ofFew);
                }
            }
            double ratio = ratios.stream().sorted().toList().get(ratios.size() / 2);
            System.out.printf(
                    "Java %s: %d ms without, %d ms more with %d (at most 3000), %.1f KiB of heap each (at most 20),"
                            + " logins against those with %d: %.2f (%d rounds)%n",
                    Runtime.version(), none, more, MANY, each, FEW, ratio, rounds);
            good = more < 3_000 && each < 20 && ratio > 0.9;
        }
        System.exit(good ? 0 : 1);
    }

    private static HttpResponse<String> get(String url) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
