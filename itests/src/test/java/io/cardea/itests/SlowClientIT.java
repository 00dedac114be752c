package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers who take their time: they are cut off, and until then nobody else notices them. */
class SlowClientIT {

    private static final int POSTS = 150;
    private static final int HEADERS = 150;
    private static final Duration QUICK = Duration.ofSeconds(1);
    // Ten seconds, and a little for a busy machine.
    private static final Duration CUT_OFF = Duration.ofSeconds(13);

    @TempDir
    static Path folder;

    private static Cardea cardea;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() {
        cardea = Cardea.started(folder);
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void hundreds_who_trickle_slow_nobody_down_and_their_bodies_have_ten_seconds() throws Exception {
        long begin = System.nanoTime();
        for (int number = 0; number < POSTS; number++) {
            connect(isForm(number) ? form(isSized(number)) : json(isSized(number)));
        }
        for (int number = 0; number < HEADERS; number++) {
            connect("GET /oauth/providers HTTP/1.1\r\nHost: ");
        }

        long opened = System.nanoTime();
        Duration slowest = Duration.ZERO;
        int ended = 0;
        while (ended < POSTS && since(opened).compareTo(CUT_OFF) < 0) {
            ended = trickle();
            assertThat(ended == 0 || since(begin).toSeconds() >= 9)
                    .as("nobody is cut off early")
                    .isTrue();
            long asked = System.nanoTime();
            assertThat(cardea.get("/oauth/providers").statusCode()).isEqualTo(200);
            slowest = since(asked).compareTo(slowest) > 0 ? since(asked) : slowest;
            TimeUnit.MILLISECONDS.sleep(300);
        }

        assertThat(slowest).as("the slowest of the others").isLessThan(QUICK);
        assertThat(ended).as("those who got an answer in time").isEqualTo(POSTS);
        for (Socket socket : sockets.subList(0, POSTS)) {
            assertThat(untilCut(socket))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("\r\nConnection: close\r\n", "\"error\":\"invalid_request\"");
        }
    }

    /** Sends a little more of each request; how many have their answer already. */
    private int trickle() throws IOException {
        int ended = 0;
        for (int number = 0; number < sockets.size(); number++) {
            if (number < POSTS && sockets.get(number).getInputStream().available() > 0) {
                ended++;
            } else {
                trickle(sockets.get(number), isSized(number) ? " " : "1\r\n \r\n");
            }
        }
        return ended;
    }

    @Test
    void who_says_nothing_is_cut_off() throws Exception {
        Socket silent = connect("GET /oauth/prov");

        long begin = System.nanoTime();
        assertThat(untilCut(silent)).isEmpty();
        assertThat(since(begin)).isLessThan(CUT_OFF);
    }

    @Test
    void a_body_without_a_length_may_be_no_larger_either() throws Exception {
        String chunk = "1000\r\n" + " ".repeat(0x1000) + "\r\n";

        assertThat(untilCut(connect(json(false) + chunk.repeat(20)))).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void who_takes_a_little_time_is_served() throws Exception {
        Socket socket = connect(json(false));
        for (String part : new String[] {"{", "\"connection\"", ":\"", "nobody\"", "}"}) {
            TimeUnit.MILLISECONDS.sleep(200);
            trickle(socket, Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
        }
        trickle(socket, "0\r\n\r\n");

        assertThat(untilCut(socket)).startsWith("HTTP/1.1 404 ").contains("not_connected");
    }

    /** Every other body comes in chunks; headers do not. */
    private static boolean isSized(int number) {
        return number >= POSTS || number % 2 == 0;
    }

    private static boolean isForm(int number) {
        return number % 3 == 0;
    }

    private static String json(boolean sized) {
        return post("/oauth/github/refresh", "application/json", sized);
    }

    /** What a provider's page posts; it needs no key. */
    private static String form(boolean sized) {
        return post("/oauth/github/callback", "application/x-www-form-urlencoded", sized);
    }

    private static String post(String path, String type, boolean sized) {
        return "POST " + path + " HTTP/1.1\r\nHost: " + URI.create(cardea.url()).getAuthority()
                + "\r\nAuthorization: Bearer " + cardea.apiKey() + "\r\nContent-Type: " + type
                + (sized ? "\r\nContent-Length: 1000" : "\r\nTransfer-Encoding: chunked") + "\r\n\r\n";
    }

    private Socket connect(String words) throws IOException {
        Socket socket = new Socket("127.0.0.1", URI.create(cardea.url()).getPort());
        sockets.add(socket);
        socket.setSoTimeout(15_000);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void trickle(Socket socket, String words) {
        try {
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return; // It was cut off; what it got is read later.
        }
    }

    /** What comes until the other side hangs up, gently or not. */
    private static String untilCut(Socket socket) throws IOException {
        StringBuilder said = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                said.append((char) next);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("Nobody hung up after: " + said, e);
        } catch (IOException e) {
            return said.toString();
        }
        return said.toString();
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
