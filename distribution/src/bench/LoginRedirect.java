import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Compares how many login redirects a second Cardea makes with how many answers of the same size a whiteboard servlet
 * gives that does nothing, in the same Felix and the same run. Build the distribution, then, in its module:
 *
 * <pre>java src/bench/LoginRedirect.java [rounds]</pre>
 *
 * The two take turns of two seconds each; the first turns of each warm up and are not counted.
 */
public class LoginRedirect {
    private static final double DEMAND = 0.75;
    private static final int WARM_UPS = 4;
    private static final int CONNECTIONS = 8;
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final String LOGIN = "/oauth/acme/login";
    private static final String NO_OP = "/no-op/login";

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        Path scratch = Files.createTempDirectory("cardea-login-redirect");
        int port = freePort();
        Process cardea = start(scratch, port);
        double ratio;
        try {
            Files.writeString(
                    scratch.resolve("deploy/io.cardea.provider~acme.cfg"),
                    "authorization_endpoint=https://acme.example/authorize\ntoken_endpoint=https://acme.example/token\n"
                            + "client_id=cardea-at-acme\nscope=email profile\n");
            String answer = await(port, LOGIN);
            noOpBundle(scratch, length(answer, "Set-Cookie"), length(answer, "Location"));
            await(port, NO_OP);
            System.out.println("Login: " + size(port, LOGIN) + " bytes, no-op: " + size(port, NO_OP) + " bytes");
            List<Double> logins = new ArrayList<>();
            List<Double> noOps = new ArrayList<>();
            for (int round = -WARM_UPS; round < rounds; round++) {
                double login = load(port, LOGIN);
                double noOp = load(port, NO_OP);
                if (round >= 0) {
                    logins.add(login);
                    noOps.add(noOp);
                }
            }
            ratio = median(logins) / median(noOps);
            System.out.printf(
                    "Java %s, %d rounds: %.0f logins a second, %.0f no-ops, ratio %.2f (at least %.2f)%n",
                    Runtime.version(), rounds, median(logins), median(noOps), ratio, DEMAND);
        } finally {
            cardea.destroy();
            cardea.waitFor();
            delete(scratch);
        }
        System.exit(ratio >= DEMAND ? 0 : 1);
    }

    private static Process start(Path scratch, int port) throws Exception {
        Files.createDirectory(scratch.resolve("deploy"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of("target", "cardea", "bin", "cardea").toAbsolutePath().toString(), "run");
        builder.environment().keySet().removeIf(key -> key.startsWith("CARDEA_") && !key.equals("CARDEA_JAVA_OPTS"));
        builder.environment().put("CARDEA_DATA", scratch.resolve("data").toString());
        builder.environment().put("CARDEA_DEPLOY", scratch.resolve("deploy").toString());
        builder.environment().put("CARDEA_HTTP_PORT", Integer.toString(port));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        BufferedReader lines = process.inputReader();
        while (!lines.readLine().contains(" is ready")) {
            continue;
        }
        return process;
    }

    /** How long a header's value is. */
    private static int length(String head, String name) {
        int begin = head.indexOf(name + ": ") + name.length() + 2;
        return head.indexOf("\r", begin) - begin;
    }

    private static void noOpBundle(Path scratch, int cookie, int location) throws Exception {
        Path classes = Files.createDirectory(scratch.resolve("classes"));
        String classPath;
        try (Stream<Path> jars = Files.walk(Path.of("target", "cardea"))) {
            classPath = jars.map(Path::toString).filter(jar -> jar.endsWith(".jar")).collect(Collectors.joining(":"));
        }
        int failed = ToolProvider.getSystemJavaCompiler().run(
                null, null, null, "--release", "17", "-cp", classPath, "-d", classes.toString(),
                "src/bench/NoOpBundle.java");
        if (failed != 0) {
            throw new IllegalStateException("src/bench/NoOpBundle.java does not compile");
        }
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "bench.no-op");
        main.putValue("Bundle-Activator", "NoOpBundle");
        main.putValue("No-Op-Cookie", Integer.toString(cookie));
        main.putValue("No-Op-Location", Integer.toString(location));
        main.putValue("Import-Package", "jakarta.servlet;version=6,jakarta.servlet.http;version=6,org.osgi.framework");
        Path whole = scratch.resolve("no-op.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(whole), manifest);
                Stream<Path> types = Files.list(classes)) {
            for (Path type : types.toList()) {
                jar.putNextEntry(new JarEntry(type.getFileName().toString()));
                jar.write(Files.readAllBytes(type));
            }
        }
        Files.move(whole, scratch.resolve("deploy/no-op.jar"));
    }

    private static String await(int port, String path) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Connection connection = new Connection(port, path)) {
                String answer = connection.get();
                if (answer.startsWith("HTTP/1.1 302")) {
                    return answer;
                }
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(path + " does not answer 302");
            }
            Thread.sleep(50);
        }
    }

    private static int size(int port, String path) throws IOException {
        try (Connection connection = new Connection(port, path)) {
            return connection.get().length();
        }
    }

    /** Answers a second. */
    private static double load(int port, String path) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            long end = System.nanoTime() + TURN_NANOS;
            List<Future<Integer>> counts = new ArrayList<>();
            for (int client = 0; client < CONNECTIONS; client++) {
                counts.add(clients.submit(() -> {
                    int count = 0;
                    try (Connection connection = new Connection(port, path)) {
                        while (System.nanoTime() < end) {
                            connection.get();
                            count++;
                        }
                    }
                    return count;
                }));
            }
            int all = 0;
            for (Future<Integer> count : counts) {
                all += count.get();
            }
            return all / (TURN_NANOS / 1e9);
        } finally {
            clients.shutdown();
        }
    }

    /** A connection that is kept alive, and one request that is sent on it again and again. */
    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final byte[] request;
        private final InputStream in;
        private final OutputStream out;

        Connection(int port, String path) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            request = ("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /** The head of the answer, which has no body. */
        String get() throws IOException {
            out.write(request);
            StringBuilder head = new StringBuilder(1024);
            int line = 0;
            while (true) {
                int character = in.read();
                if (character < 0) {
                    throw new IOException("The connection was closed");
                }
                head.append((char) character);
                if (character == '\n') {
                    if (line == 0) {
                        break;
                    }
                    line = 0;
                } else if (character != '\r') {
                    line++;
                }
            }
            skip(head);
            return head.toString();
        }

        private void skip(StringBuilder head) throws IOException {
            int at = head.indexOf("Content-Length: ");
            if (at >= 0) {
                in.skipNBytes(Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at))));
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static double median(List<Double> values) {
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
