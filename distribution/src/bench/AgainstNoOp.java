import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
 * Compares how many requests of one kind a second Cardea answers with how many answers of the same size a whiteboard
 * servlet gives that does nothing, in the same Felix and the same run. Build the distribution, then, in its module:
 *
 * <pre>java src/bench/AgainstNoOp.java login [rounds]
 * java src/bench/AgainstNoOp.java token [rounds]</pre>
 *
 * {@code login} is the redirect of {@code /oauth/acme/login}; {@code token} is {@code GET /oauth/acme/token} of a token
 * that is valid. The two take turns of two seconds each; the first turns of each warm up and are not counted.
 */
public class AgainstNoOp {
    private static final int WARM_UPS = 4;
    private static final int CONNECTIONS = 8;
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final String LOGIN = "/oauth/acme/login";
    private static final String NO_OP = "/no-op/login";

    public static void main(String[] args) throws Exception {
        boolean token = args.length > 0 && args[0].equals("token");
        if (args.length == 0 || !(token || args[0].equals("login"))) {
            System.err.println("Say login or token");
            System.exit(2);
        }
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
        double demand = token ? 0.8 : 0.75;
        Path scratch = Files.createTempDirectory("cardea-bench");
        int port = freePort();
        HttpServer server = tokenEndpoint();
        Process cardea = start(scratch, port);
        double ratio;
        try {
            Files.writeString(
                    scratch.resolve("deploy/io.cardea.provider~acme.cfg"),
                    "authorization_endpoint=https://acme.example/authorize\ntoken_endpoint=http://127.0.0.1:"
                            + server.getAddress().getPort()
                            + "/token\nclient_id=cardea-at-acme\nscope=email profile\n");
            Request login = new Request(port, LOGIN, "");
            String redirect = await(login, 302);
            Request asked = login;
            if (token) {
                logIn(port, redirect);
                String key = Files.readString(scratch.resolve("data/keys/api-key")).strip();
                asked = new Request(port, "/oauth/acme/token", "Authorization: Bearer " + key + "\r\n");
            }
            String answer = await(asked, token ? 200 : 302);
            noOpBundle(scratch, answer);
            Request idle = new Request(port, NO_OP, asked.headers());
            String nothing = await(idle, token ? 200 : 302);
            System.out.println("Cardea: " + answer.length() + " bytes, no-op: " + nothing.length() + " bytes");
            List<Double> asks = new ArrayList<>();
            List<Double> noOps = new ArrayList<>();
            for (int round = -WARM_UPS; round < rounds; round++) {
                double ask = load(asked);
                double noOp = load(idle);
                if (round >= 0) {
                    asks.add(ask);
                    noOps.add(noOp);
                }
            }
            ratio = median(asks) / median(noOps);
            System.out.printf(
                    "Java %s, %d rounds: %.0f of %s a second, %.0f no-ops, ratio %.2f (at least %.2f)%n",
                    Runtime.version(), rounds, median(asks), args[0], median(noOps), ratio, demand);
        } finally {
            cardea.destroy();
            cardea.waitFor();
            server.stop(0);
            delete(scratch);
        }
        System.exit(ratio >= demand ? 0 : 1);
    }

    /** A request that is sent again and again. */
    private record Request(int port, String path, String headers) {}

    /** An authorization server's, which gives the same token to everybody. */
    private static HttpServer tokenEndpoint() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = ("{\"access_token\":\"" + "t".repeat(64) + "\",\"token_type\":\"Bearer\",\"expires_in\":86400,"
                        + "\"refresh_token\":\"" + "r".repeat(64) + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
        server.createContext("/token", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** Brings back the code of a login that was begun. */
    private static void logIn(int port, String redirect) throws Exception {
        String url = header(redirect, "Location");
        String state = url.substring(url.indexOf("state=") + 6).split("&")[0];
        String cookie = header(redirect, "Set-Cookie").split(";")[0];
        await(new Request(port, "/oauth/acme/callback?code=c&state=" + state, "Cookie: " + cookie + "\r\n"), 200);
    }

    private static String header(String head, String name) {
        int begin = head.indexOf(name + ": ");
        return begin < 0 ? "" : head.substring(begin + name.length() + 2, head.indexOf("\r", begin));
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

    private static void noOpBundle(Path scratch, String answer) throws Exception {
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
        main.putValue("No-Op-Cookie", Integer.toString(header(answer, "Set-Cookie").length()));
        main.putValue("No-Op-Location", Integer.toString(header(answer, "Location").length()));
        main.putValue("No-Op-Body", header(answer, "Content-Length"));
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

    private static String await(Request request, int status) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Connection connection = new Connection(request)) {
                String answer = connection.get();
                if (answer.startsWith("HTTP/1.1 " + status)) {
                    return answer;
                }
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException(request.path() + " does not answer " + status);
            }
            Thread.sleep(50);
        }
    }

    /** Answers a second. */
    private static double load(Request request) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            long end = System.nanoTime() + TURN_NANOS;
            List<Future<Integer>> counts = new ArrayList<>();
            for (int client = 0; client < CONNECTIONS; client++) {
                counts.add(clients.submit(() -> {
                    int count = 0;
                    try (Connection connection = new Connection(request)) {
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

        Connection(Request asked) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), asked.port());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            request = ("GET " + asked.path() + " HTTP/1.1\r\nHost: localhost:" + asked.port() + "\r\n" + asked.headers()
                            + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /** The answer's head, and as many characters as it has bytes in its body. */
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
                int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at)));
                in.skipNBytes(length);
                head.append("b".repeat(length));
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
