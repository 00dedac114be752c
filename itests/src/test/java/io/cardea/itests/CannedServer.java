package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that gives the answers it was told to, at paths such as {@code /token}, and remembers what it was asked. */
final class CannedServer implements AutoCloseable {

    /** What it was asked. */
    record Asked(String path, Headers headers, String body) {}

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> later = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    CannedServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    CannedServer answering(String path, String json) {
        answers.put(path, json);
        return this;
    }

    /** Whoever asks there now waits for the answer that the future is completed with. */
    CompletableFuture<String> answeringLater(String path) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        later.put(path, answer);
        return answer;
    }

    /** From now on whoever asks there waits for ever. */
    CannedServer silentAt(String path) {
        answers.remove(path);
        return this;
    }

    List<Asked> asked(String path) {
        return asked.stream().filter(request -> request.path().equals(path)).toList();
    }

    Asked lastAsked(String path) {
        List<Asked> all = asked(path);
        if (all.isEmpty()) {
            throw new AssertionError("Nobody has asked at " + path + " but " + asked);
        }
        return all.get(all.size() - 1);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(new Asked(
                path,
                exchange.getRequestHeaders(),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
        CompletableFuture<String> awaited = later.remove(path);
        String answer = awaited == null ? answers.get(path) : awaited.join();
        if (answer != null) {
            byte[] json = answer.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
