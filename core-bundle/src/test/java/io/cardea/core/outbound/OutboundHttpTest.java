package io.cardea.core.outbound;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.RawServer;
import io.cardea.oauth.provider.ProviderException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHttpTest {

    private static final int MIB = 1024 * 1024;
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final OutboundHttp outbound = new OutboundHttp(Optional.empty(), Duration.ofSeconds(5));
    private final OutboundHttp impatient = new OutboundHttp(Optional.empty(), Duration.ofMillis(300));

    @AfterEach
    void close() {
        outbound.stop();
        impatient.stop();
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    @Test
    void an_answer_comes_back_whatever_its_status() throws IOException {
        try (LocalServer server = new LocalServer().answer("/", Answer.json(418, "{}"))) {
            HttpResponse<byte[]> answer = await(outbound.send(get(server.url("/x?y=z"))));

            assertThat(answer.statusCode()).isEqualTo(418);
            assertThat(answer.body()).isEqualTo("{}".getBytes(US_ASCII));
            assertThat(server.request().path()).isEqualTo("/x?y=z");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void no_redirect_is_followed(int status) throws IOException {
        AtomicReference<String> location = new AtomicReference<>();
        try (RawServer server = new RawServer(out -> {
                    out.write(("HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + location.get()
                                    + "\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(US_ASCII));
                    out.flush();
                });
                LocalServer elsewhere = new LocalServer().answer("/", Answer.json(200, "{}"))) {
            location.set(elsewhere.url("/stolen"));

            assertThat(await(outbound.send(get(server.url()))).statusCode()).isEqualTo(status);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void an_answer_of_one_mebibyte_is_read_and_a_larger_one_is_refused() throws IOException {
        try (LocalServer server = new LocalServer()
                .answer("/fits", Answer.json(200, "x".repeat(MIB)))
                .answer("/larger", Answer.json(200, "x".repeat(MIB + 1)))) {
            assertThat(await(outbound.send(get(server.url("/fits")))).body()).hasSize(MIB);
            assertThat(providerFailure(outbound.send(get(server.url("/larger"))), ProviderException.PROVIDER_ERROR))
                    .hasMessageContaining("larger than 1048576 bytes");
        }
    }

    @Test
    void an_answer_without_end_is_given_up_and_its_connection_closed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawServer server = new RawServer(out -> {
            try {
                out.write((OK + "\r\n").getBytes(US_ASCII));
                byte[] block = new byte[8192];
                while (true) {
                    out.write(block);
                }
            } catch (IOException e) {
                closed.countDown();
            }
        })) {
            providerFailure(outbound.send(get(server.url())), ProviderException.PROVIDER_ERROR);

            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_server_that_says_nothing_is_not_waited_for() throws IOException {
        try (RawServer server = new RawServer(out -> {})) {
            assertThat(providerFailure(impatient.send(get(server.url())), ProviderException.PROVIDER_TIMEOUT))
                    .hasMessage(URI.create(server.url()).getAuthority() + " did not answer in time");
        }
    }

    @Test
    void a_body_that_trickles_is_not_waited_for() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawServer server = new RawServer(out -> {
            try {
                out.write((OK + "Content-Length: 100000\r\n\r\n").getBytes(US_ASCII));
                while (true) {
                    out.write('x');
                    out.flush();
                    LockSupport.parkNanos(5_000_000);
                }
            } catch (IOException e) {
                closed.countDown();
            }
        })) {
            providerFailure(impatient.send(get(server.url())), ProviderException.PROVIDER_TIMEOUT);

            assertThat(closed.await(20, TimeUnit.SECONDS))
                    .as("the connection is given up")
                    .isTrue();
        }
    }

    @Test
    void headers_that_trickle_are_not_waited_for() throws IOException {
        try (RawServer server = new RawServer(out -> {
            out.write(OK.getBytes(US_ASCII));
            while (true) {
                out.write("X-More: x\r\n".getBytes(US_ASCII));
                out.flush();
                LockSupport.parkNanos(5_000_000);
            }
        })) {
            providerFailure(impatient.send(get(server.url())), ProviderException.PROVIDER_TIMEOUT);
        }
    }

    @Test
    void many_that_wait_need_no_thread_each() throws IOException {
        try (RawServer server = new RawServer(out -> {})) {
            OutboundHttp waiting = new OutboundHttp(Optional.empty(), Duration.ofSeconds(2));
            List<CompletionStage<?>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(waiting.send(get(server.url())));
            }
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("cardea-outbound"))
                    .count();
            assertThat(threads).isLessThanOrEqualTo(12);
            try (LocalServer other = new LocalServer().answer("/", Answer.json(200, "{}"))) {
                assertThat(await(waiting.send(get(other.url("/")))).statusCode())
                        .as("who asks somebody else is served at once")
                        .isEqualTo(200);
            }
            assertThat(calls).noneMatch(call -> call.toCompletableFuture().isDone());
            waiting.stop();
        }
    }

    @Test
    void a_server_that_is_not_there_has_seen_nothing() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(LocalServer.loopback());
            free = socket.getLocalPort();
        }

        assertThat(providerFailure(
                        outbound.send(get("http://127.0.0.1:" + free + "/?code=the-code")),
                        ProviderException.UNREACHABLE))
                .hasMessage("127.0.0.1:" + free + " could not be reached. Check its address in the provider's"
                        + " configuration, or try again later");
        assertThat(log.text()).doesNotContain("the-code");
    }

    @Test
    void a_server_whose_name_nobody_knows_is_told_from_one_that_is_down() {
        assertThat(providerFailure(
                        outbound.send(get("https://no-such-host.invalid/?code=the-code")),
                        ProviderException.UNREACHABLE))
                .hasMessageStartingWith("no-such-host.invalid:443 could not be reached: there is no such host.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"not http at all", "HTTP/1.1 banana\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"})
    void an_answer_that_is_no_http_is_a_provider_error(String bytes) throws IOException {
        try (RawServer server = new RawServer(out -> {
            out.write((bytes + "\r\n\r\n").getBytes(US_ASCII));
            out.close();
        })) {
            providerFailure(outbound.send(get(server.url())), ProviderException.PROVIDER_ERROR);
        }
    }

    @Test
    void after_the_end_nobody_is_asked_and_nobody_waits() throws IOException {
        try (LocalServer server = new LocalServer().answer("/", Answer.json(200, "{}"))) {
            outbound.stop();

            providerFailure(outbound.send(get(server.url("/"))), ProviderException.PROVIDER_ERROR);
        }
    }

    @Test
    void its_clock_is_the_machines() {
        assertThat(outbound.clock().instant())
                .isCloseTo(InstantSource.system().instant(), within(5, ChronoUnit.SECONDS));
    }

    @Test
    void a_caller_who_leaves_disturbs_nobody() throws IOException {
        try (LocalServer server = new LocalServer().answer("/", Answer.json(200, "{}"))) {
            CompletableFuture<?> left = outbound.send(get(server.url("/"))).toCompletableFuture();
            left.cancel(true);

            assertThat(await(outbound.send(get(server.url("/")))).statusCode()).isEqualTo(200);
        }
    }
}
