package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Somebody who follows {@code /oauth/events}. */
final class EventListener implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpResponse<InputStream> answer;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean endedWell;

    EventListener(Cardea cardea, String path, String... headers) {
        HttpRequest request = cardea.request(path, headers)
                .header("Authorization", "Bearer " + cardea.apiKey())
                .build();
        try {
            answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Thread reader = new Thread(this::read, "events");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
            in.lines().forEach(lines::add);
            endedWell = true;
        } catch (IOException | UncheckedIOException e) {
            // Cut off, by whomever.
            lines.add("");
        } finally {
            ended.countDown();
        }
    }

    HttpResponse<InputStream> answer() {
        return answer;
    }

    /** All that was heard. */
    String text() {
        return String.join("\n", lines);
    }

    /** Waits until an event of this type is heard whose data has these texts. */
    void until(String type, String... texts) {
        Cardea.eventually(SOON, () -> heard(type, texts), () -> "no " + type + " in " + text());
    }

    boolean heard(String type, String... texts) {
        return text().lines()
                .dropWhile(line -> !line.startsWith("event: "))
                .reduce("", (all, line) -> line.startsWith("event: ") ? all + "\n" + line : all + line)
                .lines()
                .anyMatch(event -> event.startsWith("event: " + type + "data: ") && hasAll(event, texts));
    }

    private static boolean hasAll(String event, String... texts) {
        for (String text : texts) {
            if (!event.contains(text)) {
                return false;
            }
        }
        return true;
    }

    /** The id of the last event that was heard. */
    String lastId() {
        return lines.stream()
                .filter(line -> line.startsWith("id: "))
                .reduce("", (before, line) -> line.substring("id: ".length()));
    }

    /** Waits until the server ends the stream; whether it did so as it should. */
    boolean endsWell() throws InterruptedException {
        return ended.await(SOON.toSeconds(), TimeUnit.SECONDS) && endedWell;
    }

    @Override
    public void close() {
        try {
            answer.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
