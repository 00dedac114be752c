package io.cardea.itests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * People who log in by a provider, each at a time of his own and with time to think, and programs that refresh: so many of
 * each a second, for as long as it is not closed.
 */
final class SwapLoad implements AutoCloseable {

    static final int REFRESHED = 20;
    private static final int THREADS = 64;
    private static final int LEAST_THINKING = 50;
    private static final int MOST_THINKING = 150;

    private final Cardea cardea;
    private final String provider;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final ExecutorService people = Executors.newFixedThreadPool(THREADS);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Long> micros = new ConcurrentLinkedQueue<>();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger refreshes = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger program = new AtomicInteger();

    SwapLoad(Cardea cardea, String provider) {
        this.cardea = cardea;
        this.provider = provider;
    }

    /** Logs in with the connections that will be refreshed; then it all begins. */
    void begin(int loginsASecond) {
        for (int number = 0; number < REFRESHED; number++) {
            logIn("refreshed-" + number);
        }
        clock.scheduleAtFixedRate(
                () -> people.execute(() -> told("login", () -> logIn("user-" + turn.incrementAndGet() % 1000))),
                0,
                1_000_000 / loginsASecond,
                TimeUnit.MICROSECONDS);
        clock.scheduleAtFixedRate(
                () -> people.execute(() -> told("refresh", () -> refresh(program.getAndIncrement() % REFRESHED))),
                0,
                1_000 / REFRESHED,
                TimeUnit.MILLISECONDS);
    }

    private void told(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | AssertionError e) {
            failures.add(what + ": " + e.getMessage());
        }
    }

    /** The whole flow, as a browser does it. */
    void logIn(String connection) {
        Map<String, String> cookies = new ConcurrentHashMap<>();
        HttpResponse<String> login = atCardea(
                URI.create(cardea.url() + "/oauth/" + provider + "/login?connection=" + connection), cookies, 302);
        think();
        HttpResponse<String> asked = send(HttpRequest.newBuilder(Browser.location(login)), cookies, 200);
        think();
        HttpResponse<String> consent = send(
                HtmlForm.on(asked)
                        .fill("username", "ada")
                        .fill("password", "lovelace")
                        .fill("action", "login")
                        .submission(),
                cookies,
                200);
        think();
        HttpResponse<String> approved =
                send(HtmlForm.on(consent).fill("action", "approve").submission(), cookies, 303);
        atCardea(Browser.location(approved), cookies, 200);
        logins.incrementAndGet();
    }

    void refresh(int number) {
        HttpRequest.Builder request = cardea.request(
                        "/oauth/" + provider + "/refresh", "Authorization", "Bearer " + cardea.apiKey())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"connection\":\"refreshed-" + number + "\"}"));
        timed(request, Map.of(), 200);
        refreshes.incrementAndGet();
    }

    private static void think() {
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(LEAST_THINKING, MOST_THINKING));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> atCardea(URI url, Map<String, String> cookies, int expected) {
        return timed(HttpRequest.newBuilder(url), cookies, expected);
    }

    private HttpResponse<String> timed(HttpRequest.Builder request, Map<String, String> cookies, int expected) {
        long begin = System.nanoTime();
        HttpResponse<String> answer = send(request, cookies, expected);
        micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
        return answer;
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> cookies, int expected) {
        if (!cookies.isEmpty()) {
            StringBuilder all = new StringBuilder();
            cookies.forEach((name, value) -> all.append(all.isEmpty() ? "" : "; ")
                    .append(name)
                    .append('=')
                    .append(value));
            request.setHeader("Cookie", all.toString());
        }
        try {
            HttpResponse<String> answer =
                    http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            for (String cookie : answer.headers().allValues("Set-Cookie")) {
                String pair = cookie.split(";", 2)[0];
                cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
            if (answer.statusCode() != expected) {
                throw new AssertionError(answer.statusCode() + " and not " + expected + " from "
                        + answer.uri().getPath() + ": " + answer.body());
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What went wrong so far. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** No one else begins; returns when all have ended. */
    @Override
    public void close() {
        clock.shutdown();
        people.shutdown();
        try {
            if (!people.awaitTermination(60, TimeUnit.SECONDS)) {
                failures.add("Some did not end");
                people.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int logins() {
        return logins.get();
    }

    int refreshes() {
        return refreshes.get();
    }

    /** Of what Cardea was asked: so many hundredths were answered within this time. */
    Duration percentile(int percent) {
        List<Long> sorted = micros.stream().sorted().toList();
        return Duration.ofNanos(
                TimeUnit.MICROSECONDS.toNanos(sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100))));
    }
}
