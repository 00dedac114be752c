package io.cardea.itests;

import static io.cardea.itests.Answers.parameter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However many ask for one token that has expired, the provider is asked once, and all get what it answered. */
class ManyReadersIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int READERS = 200;
    private static final int UPSTREAM_MILLIS = 1_000;
    private static final int ROUNDS = 5;

    @TempDir
    Path folder;

    private final AtomicInteger refreshes = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer upstream;

    @BeforeEach
    void start() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(threads);
        upstream.createContext("/token", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean refresh = body.contains("grant_type=refresh_token");
            if (refresh) {
                refreshes.incrementAndGet();
                try {
                    Thread.sleep(UPSTREAM_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            // A login's ends at once, so that each round meets an expired one.
            byte[] answer = ("{\"access_token\":\"token-" + refreshes + "\",\"token_type\":\"Bearer\",\"expires_in\":"
                            + (refresh ? 3600 : 1) + ",\"refresh_token\":\"refresh-" + refreshes + "\"}")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        upstream.start();
    }

    @AfterEach
    void stop() {
        upstream.stop(0);
        threads.shutdownNow();
    }

    private void configure(Cardea cardea) {
        cardea.configure(
                "acme",
                "authorization_endpoint = http://127.0.0.1/authorize",
                "token_endpoint = http://127.0.0.1:" + upstream.getAddress().getPort() + "/token",
                "client_id = an-id");
        Cardea.eventually(SOON, () -> cardea.get("/oauth/acme/login").statusCode() == 302, cardea::log);
    }

    private static void logIn(Cardea cardea, String connection) {
        HttpResponse<String> login = cardea.get("/oauth/acme/login?connection=" + connection);
        HttpResponse<String> end = cardea.get(
                "/oauth/acme/callback?code=c&state=" + parameter(Browser.location(login), "state"),
                "Cookie",
                login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0]);
        assertThat(end.statusCode()).as(end.body()).isEqualTo(200);
    }

    @Test
    void two_hundred_readers_of_an_expired_token_cause_one_refresh_and_get_the_same_answer() throws Exception {
        try (Cardea cardea = Cardea.started(folder)) {
            configure(cardea);
            HttpClient readers =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            List<Long> millis = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                // Nobody has asked for it yet, so that Cardea does not renew it by itself.
                logIn(cardea, "round-" + round);
                HttpRequest request = cardea.request(
                                "/oauth/acme/token?connection=round-" + round,
                                "Authorization",
                                "Bearer " + cardea.apiKey())
                        .timeout(SOON)
                        .build();
                int before = refreshes.get();
                Thread.sleep(1_100);
                long begin = System.nanoTime();
                List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, READERS)
                        .mapToObj(reader -> readers.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                        .toList();
                CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).join();
                millis.add((System.nanoTime() - begin) / 1_000_000);

                Set<String> answers = asked.stream()
                        .map(answer -> answer.join().statusCode() + " "
                                + answer.join().body().replaceAll("\"expires_in\":\\d+,?", ""))
                        .collect(Collectors.toSet());
                assertThat(refreshes.get() - before).as("refreshes").isEqualTo(1);
                assertThat(answers).singleElement().asString().contains("200", "token-" + refreshes);
            }
            System.out.println(READERS + " readers of an expired token, the provider takes " + UPSTREAM_MILLIS
                    + " ms: all have it after " + millis + " ms");
        }
    }
}
