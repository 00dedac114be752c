package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.cardea.itests.KeepAlive.Head;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However many log in, and however slow their provider is, others do not notice. */
class ManyLoginsIT {

    private static final int HELD = 500;
    private static final int FEW = 100;
    private static final int FLOOD = 200_000;
    private static final int SAMPLES = 400;
    // Below this a p99 says more about the machine than about Cardea.
    private static final Duration NOISE = Duration.ofMillis(30);
    private static final Pattern USED = Pattern.compile("(?:total \\d+K, used (\\d+)K)");

    @TempDir
    Path folder;

    private final List<Socket> held = new CopyOnWriteArrayList<>();
    private Cardea cardea;
    private HttpServer quick;
    private ServerSocket silent;

    @BeforeEach
    void start() throws IOException {
        quick = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        quick.createContext("/token", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = "{\"access_token\":\"a-token\",\"token_type\":\"Bearer\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        quick.start();
        silent = new ServerSocket(0, HELD, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::accept, "silent-token-endpoint");
        accepting.setDaemon(true);
        accepting.start();
        cardea = new Cardea(folder);
        configure("quick", quick.getAddress().getPort());
        configure("silent", silent.getLocalPort());
        cardea.start("start");
        for (String provider : List.of("quick", "silent")) {
            Cardea.eventually(
                    Duration.ofSeconds(10),
                    () -> cardea.get("/oauth/" + provider + "/login").statusCode() == 302,
                    cardea::log);
        }
    }

    private void accept() {
        try {
            while (true) {
                held.add(silent.accept());
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void configure(String provider, int port) throws IOException {
        Files.writeString(
                cardea.deploy().resolve("io.cardea.provider~" + provider + ".cfg"),
                "authorization_endpoint=https://" + provider + ".example/authorize\ntoken_endpoint=http://127.0.0.1:"
                        + port + "/token\nclient_id=cardea\n");
    }

    @AfterEach
    void stop() throws IOException {
        cardea.close();
        quick.stop(0);
        silent.close();
        for (Socket socket : held) {
            socket.close();
        }
    }

    @Test
    void five_hundred_callbacks_held_by_a_token_endpoint_that_hangs_slow_nobody_down() throws Exception {
        Duration idleListing = p99(this::list);
        Duration idleLogin = p99(this::logIn);
        List<KeepAlive> browsers = new ArrayList<>();
        hold(browsers, FEW);
        int threadsWithFew = threads();
        hold(browsers, HELD);
        int threadsWithAll = threads();

        Duration listing = p99(this::list);
        Duration login = p99(this::logIn);
        assertThat(held).as("all are still held").hasSize(HELD);
        System.out.printf(
                "p99 idle and with %d held: listing %d and %d us, login %d and %d us; threads with %d held %d, with %d %d%n",
                HELD,
                micros(idleListing),
                micros(listing),
                micros(idleLogin),
                micros(login),
                FEW,
                threadsWithFew,
                HELD,
                threadsWithAll);

        assertThat(listing).isLessThan(allowed(idleListing));
        assertThat(login).isLessThan(allowed(idleLogin));
        assertThat(threadsWithAll).isLessThanOrEqualTo(threadsWithFew + 4);
        for (KeepAlive browser : browsers) {
            assertThat(browser.receive().status()).isEqualTo(504);
            browser.close();
        }
    }

    private static long micros(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
    }

    private static Duration allowed(Duration idle) {
        Duration thrice = idle.multipliedBy(3);
        return thrice.compareTo(NOISE) > 0 ? thrice : NOISE;
    }

    private void hold(List<KeepAlive> browsers, int number) {
        while (browsers.size() < number) {
            KeepAlive browser = new KeepAlive(cardea.url());
            Head login = browser.get("/oauth/silent/login");
            browser.send(callback("silent", login), cookie(login));
            browsers.add(browser);
        }
        Cardea.eventually(Duration.ofSeconds(5), () -> held.size() == number, () -> held.size() + " are held");
    }

    private interface Request {
        void send(KeepAlive connection);
    }

    private Duration p99(Request request) {
        try (KeepAlive connection = new KeepAlive(cardea.url())) {
            List<Long> nanos = new ArrayList<>();
            for (int sample = 0; sample < SAMPLES; sample++) {
                long begin = System.nanoTime();
                request.send(connection);
                nanos.add(System.nanoTime() - begin);
            }
            return Duration.ofNanos(nanos.stream().sorted().toList().get(SAMPLES * 99 / 100));
        }
    }

    private void list(KeepAlive connection) {
        assertThat(connection.get("/oauth/providers").status()).isEqualTo(200);
    }

    private void logIn(KeepAlive connection) {
        Head login = connection.get("/oauth/quick/login");
        assertThat(connection.get(callback("quick", login), cookie(login)).status())
                .isEqualTo(200);
    }

    private static String callback(String provider, Head login) {
        Matcher state = Pattern.compile("[?&]state=([^&]+)").matcher(login.header("Location"));
        assertThat(state.find()).isTrue();
        return "/oauth/" + provider + "/callback?code=a-code&state=" + state.group(1);
    }

    private static String cookie(Head login) {
        return login.header("Set-Cookie").split(";", 2)[0];
    }

    @Test
    void two_hundred_thousand_logins_that_never_come_back_cost_no_memory() throws Exception {
        flood(FLOOD / 10);
        Head login;
        try (KeepAlive browser = new KeepAlive(cardea.url())) {
            login = browser.get("/oauth/quick/login");
        }
        long before = kilobytesInUse();
        flood(FLOOD);
        long after = kilobytesInUse();
        System.out.printf("heap in use before and after %d logins: %d and %d KiB%n", FLOOD, before, after);

        assertThat(after - before).isLessThan(8 * 1024);
        try (KeepAlive browser = new KeepAlive(cardea.url())) {
            assertThat(browser.get(callback("quick", login), cookie(login)).status())
                    .as("a login that began before them")
                    .isEqualTo(200);
        }
    }

    private void flood(int logins) throws Exception {
        ExecutorService strangers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int stranger = 0; stranger < 4; stranger++) {
                all.add(strangers.submit(() -> {
                    try (KeepAlive connection = new KeepAlive(cardea.url())) {
                        for (int login = 0; login < logins / 4; login++) {
                            assertThat(connection.get("/oauth/quick/login").status())
                                    .isEqualTo(302);
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(5, TimeUnit.MINUTES);
            }
        } finally {
            strangers.shutdownNow();
        }
    }

    private long pid() {
        return Long.parseLong(Cardea.read(cardea.data().resolve("running"))
                .lines()
                .findFirst()
                .orElseThrow());
    }

    private int threads() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .map(line -> Integer.valueOf(line.substring("Threads:".length()).trim()))
                .findFirst()
                .orElseThrow();
    }

    /** After a collection. */
    private long kilobytesInUse() throws Exception {
        jcmd("GC.run");
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        long all = 0;
        while (used.find()) {
            all += Long.parseLong(used.group(1));
        }
        assertThat(all).isPositive();
        return all;
    }

    private String jcmd(String command) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(), Long.toString(pid()), command)
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
