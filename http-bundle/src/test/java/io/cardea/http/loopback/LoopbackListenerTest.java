package io.cardea.http.loopback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackListenerTest {

    private static final String CALLBACK = "http://localhost:8180/oauth/acme/callback";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final LoopbackListener listener = new LoopbackListener();
    private final int port = freePort();
    private final URI redirectUri = URI.create("http://localhost:" + port + "/auth/callback");

    @AfterEach
    void stop() {
        listener.close();
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Socket connect(String address) throws IOException {
        Socket socket = new Socket(InetAddress.getByName(address), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private String send(String address, String request) throws IOException {
        try (Socket socket = connect(address)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private String get(String target) throws IOException {
        return send("127.0.0.1", "GET " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n");
    }

    private boolean isListening() throws IOException {
        try (Socket socket = connect("127.0.0.1")) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private static boolean isCut(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return !(e instanceof SocketTimeoutException);
        }
    }

    private static void eventually(Callable<Boolean> isSo) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!isSo.call()) {
            assertThat(System.nanoTime()).as("it does not happen").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void awaitSilence() throws Exception {
        eventually(() -> !isListening());
    }

    @Test
    void a_browser_is_sent_on_with_what_it_brings() throws IOException {
        listener.open(redirectUri, CALLBACK, MINUTE);

        String answer = get("/auth/callback?code=a%20b%2Bc&state=s?&x=%0d%0aX:y");

        assertThat(answer)
                .startsWith("HTTP/1.1 302 Found\r\n")
                .contains("\r\nLocation: " + CALLBACK + "?code=a%20b%2Bc&state=s?&x=%0d%0aX:y\r\n")
                .contains("\r\nCache-Control: no-store\r\n", "\r\nReferrer-Policy: no-referrer\r\n");
    }

    @Test
    void it_listens_on_both_loopback_addresses_and_on_no_other() throws IOException {
        listener.open(redirectUri, CALLBACK, MINUTE);
        String request = "GET /auth/callback?a=b HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n";

        assertThat(send("127.0.0.1", request)).startsWith("HTTP/1.1 302 ");
        if (NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null) {
            assertThat(send("::1", request)).startsWith("HTTP/1.1 302 ");
        }
        assertThatThrownBy(() -> send("127.0.0.2", request)).isInstanceOf(ConnectException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /auth/callback HTTP/1.1",
                "GET /auth/callback? HTTP/1.1",
                "GET /auth/callback/?a=b HTTP/1.1",
                "GET /auth?a=b HTTP/1.1",
                "GET /?a=b HTTP/1.1",
                "GET http://evil.example/auth/callback?a=b HTTP/1.1",
                "POST /auth/callback?a=b HTTP/1.1",
                "HEAD /auth/callback?a=b HTTP/1.1",
                "GET /auth/callback?a=b HTTP/2.0",
                "GET /auth/callback?a=b",
                "GET /auth/callback?a=b\rX:y HTTP/1.1",
                "GET /auth/callback?a=b\nX:y HTTP/1.1",
                "GET /auth/callback?a=b c HTTP/1.1",
                "GET /auth/callback?a=\u00e9 HTTP/1.1",
                "garbage",
                ""
            })
    void nothing_else_is_here(String requestLine) throws IOException {
        listener.open(redirectUri, CALLBACK, MINUTE);

        assertThat(send("127.0.0.1", requestLine + "\r\nHost: localhost:" + port + "\r\n\r\n"))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .doesNotContain("Location", "a=b");
    }

    @ParameterizedTest
    @CsvSource({"localhost, 302", "LocalHost, 302", "127.0.0.1, 302", "[::1], 302", "evil.example, 421", "'', 421"})
    void it_must_be_meant(String host, int status) throws IOException {
        listener.open(redirectUri, CALLBACK, MINUTE);
        String request = "GET /auth/callback?a=b HTTP/1.1\r\nX: y\r\nhost:";

        assertThat(send("127.0.0.1", request + host + ":" + port + "\r\n\r\n")).startsWith("HTTP/1.1 " + status);
        assertThat(send("127.0.0.1", request + host + ":1\r\n\r\n")).startsWith("HTTP/1.1 421 ");
        assertThat(send("127.0.0.1", request + host + "\r\n\r\n")).startsWith("HTTP/1.1 421 ");
    }

    @Test
    void a_host_that_is_missing_or_stands_twice_is_none() throws IOException {
        listener.open(redirectUri, CALLBACK, MINUTE);
        String host = "\r\nHost: localhost:" + port;

        assertThat(send("127.0.0.1", "GET /auth/callback?a=b HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 421 ");
        assertThat(send("127.0.0.1", "GET /auth/callback?a=b HTTP/1.1" + host + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
        assertThat(send("127.0.0.1", "GET /auth/callback?a=b HTTP/1.1" + host + "\r\nHost: evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
    }

    @Test
    void it_listens_until_the_last_login_that_shares_it_is_over() throws Exception {
        listener.open(redirectUri, CALLBACK, Duration.ofSeconds(6));
        listener.open(redirectUri, CALLBACK, Duration.ofMillis(1));
        URI other = redirectUri.resolve("/other");
        listener.open(other, "http://localhost:8180/oauth/other/callback", Duration.ofSeconds(2));
        assertThat(get("/other?a=b")).contains("/oauth/other/callback?a=b");

        eventually(() -> get("/other?a=b").startsWith("HTTP/1.1 404 "));
        assertThat(get("/auth/callback?a=b")).startsWith("HTTP/1.1 302 ");

        awaitSilence();
        listener.open(redirectUri, CALLBACK, MINUTE);
        assertThat(get("/auth/callback?a=b")).as("and again").startsWith("HTTP/1.1 302 ");
    }

    @Test
    void what_has_closed_leaves_no_thread() throws Exception {
        listener.open(redirectUri, CALLBACK, Duration.ofSeconds(2));
        assertThat(threads()).hasSize(1);

        awaitSilence();
        eventually(() -> threads().isEmpty());
    }

    @Test
    void a_login_that_begins_as_another_ends_is_listened_for() throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            listener.open(redirectUri, CALLBACK, Duration.ZERO);
        }

        listener.open(redirectUri, CALLBACK, MINUTE);
        assertThat(get("/auth/callback?a=b")).startsWith("HTTP/1.1 302 ");
    }

    private List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("cardea-loopback-" + port))
                .toList();
    }

    @Test
    void one_address_leads_to_one_callback_at_a_time() throws Exception {
        String others = "http://localhost:8180/oauth/other/callback";
        listener.open(redirectUri, CALLBACK, Duration.ofSeconds(2));

        assertThatThrownBy(() -> listener.open(redirectUri, others, MINUTE))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        refused -> assertThat(refused.error()).isEqualTo(OAuthError.PROVIDER_UNAVAILABLE))
                .hasMessageContaining(redirectUri.toString());
        assertThat(get("/auth/callback?a=b")).contains(CALLBACK);

        awaitSilence();
        listener.open(redirectUri, others, MINUTE);
        assertThat(get("/auth/callback?a=b")).contains(others);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void a_port_that_is_taken_is_named_with_what_to_do(String address) throws IOException {
        if (NetworkInterface.getByInetAddress(InetAddress.getByName(address)) == null) {
            return;
        }
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            assertThatThrownBy(() -> listener.open(redirectUri, CALLBACK, MINUTE))
                    .isInstanceOfSatisfying(
                            OAuthException.class,
                            refused -> assertThat(refused.error()).isEqualTo(OAuthError.PROVIDER_UNAVAILABLE))
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("end the program that uses this port");
        }
        listener.open(redirectUri, CALLBACK, MINUTE);
        assertThat(get("/auth/callback?a=b")).startsWith("HTTP/1.1 302 ");
    }

    @Test
    void there_are_sixteen_at_most() {
        for (int count = 0; count < 16; count++) {
            listener.open(URI.create("http://127.0.0.1:" + freePort() + "/"), CALLBACK, MINUTE);
        }

        assertThatThrownBy(() -> listener.open(redirectUri, CALLBACK, MINUTE))
                .isInstanceOf(OAuthException.class)
                .hasMessageContaining("16 ports");
    }

    @Test
    void slow_browsers_keep_nobody_waiting_and_are_cut_off() throws Exception {
        listener.open(redirectUri, CALLBACK, MINUTE);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int count = 0; count < 100; count++) {
                slow.add(connect("127.0.0.1"));
                slow.get(count).getOutputStream().write("GET /auth".getBytes(ISO_8859_1));
            }
            long begin = System.nanoTime();
            assertThat(get("/auth/callback?a=b")).startsWith("HTTP/1.1 302 ");
            assertThat(slow.get(0).getInputStream().read())
                    .as("more than 64 at once: the oldest goes first")
                    .isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("none of them was waited for")
                    .isLessThan(Duration.ofSeconds(5));
            Socket trickle = slow.get(99);
            assertThatThrownBy(() -> {
                        while (System.nanoTime() - begin
                                < Duration.ofSeconds(30).toNanos()) {
                            trickle.getOutputStream().write('x');
                            TimeUnit.MILLISECONDS.sleep(100);
                        }
                    })
                    .as("after five seconds, whatever comes meanwhile")
                    .isInstanceOf(IOException.class);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void a_head_comes_in_pieces_and_has_an_end() throws Exception {
        listener.open(redirectUri, CALLBACK, MINUTE);
        String request = "GET /auth/callback?a=b HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n";
        try (Socket socket = connect("127.0.0.1")) {
            socket.setTcpNoDelay(true);
            for (byte each : request.getBytes(ISO_8859_1)) {
                socket.getOutputStream().write(each);
                TimeUnit.MILLISECONDS.sleep(2);
            }
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 302 ");
        }
        assertThat(send("127.0.0.1", "GET /auth/callback?a=" + "b".repeat(20_000)))
                .startsWith("HTTP/1.1 431 ");
        assertThat(get("/auth/callback?a=" + "b".repeat(12_000))).startsWith("HTTP/1.1 302 ");
    }

    @Test
    void everything_is_closed_when_it_stops() throws Exception {
        listener.open(redirectUri, CALLBACK, MINUTE);
        try (Socket waiting = connect("127.0.0.1")) {
            listener.close();

            assertThat(isListening()).isFalse();
            assertThat(threads()).isEmpty();
            assertThat(isCut(waiting)).isTrue();
        }
        assertThatThrownBy(() -> listener.open(redirectUri, CALLBACK, MINUTE)).isInstanceOf(OAuthException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:1455/auth/callback, true",
        "http://LOCALHOST:1455, true",
        "http://127.0.0.1:1455/, true",
        "http://[::1]:1455/, true",
        "https://localhost:1455/, false",
        "http://localhost/, false",
        "http://localhost:0/, false",
        "http://127.0.0.2:1455/, false",
        "http://localhost.evil.example:1455/, false",
        "http://192.168.0.1:1455/, false",
        "urn:ietf:wg:oauth:2.0:oob, false",
        "/auth/callback, false"
    })
    void only_a_plain_loopback_address_with_a_port_is_listened_at(URI uri, boolean can) {
        assertThat(LoopbackListener.isFor(uri)).isEqualTo(can);
        if (!can) {
            assertThatThrownBy(() -> listener.open(uri, CALLBACK, MINUTE)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_login_that_waits_is_waited_for_after_an_update_too(@TempDir Path folder) throws Exception {
        Optional<Path> file = Optional.of(folder.resolve("waiting"));
        LoopbackListener before = new LoopbackListener(new WaitingLogins(file));
        before.open(redirectUri, CALLBACK, MINUTE);
        before.close();
        assertThat(isListening()).isFalse();

        LoopbackListener after = new LoopbackListener(new WaitingLogins(file));
        assertThat(get("/auth/callback?code=c")).contains("Location: " + CALLBACK + "?code=c");
        after.close();
    }

    @Test
    void one_that_is_over_is_not_and_a_broken_file_costs_only_what_it_held(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("waiting");
        Files.writeString(file, redirectUri + " " + CALLBACK + " 1000\n");
        new LoopbackListener(new WaitingLogins(Optional.of(file))).close();
        assertThat(isListening()).isFalse();

        Files.writeString(file, "no uri here at all\n:: a 12345\n");
        LoopbackListener after = new LoopbackListener(new WaitingLogins(Optional.of(file)));
        after.open(redirectUri, CALLBACK, MINUTE);
        assertThat(isListening()).isTrue();
        after.close();
    }
}
