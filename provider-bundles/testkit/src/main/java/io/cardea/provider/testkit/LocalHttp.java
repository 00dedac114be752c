package io.cardea.provider.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** HTTP on a free port of this machine. */
final class LocalHttp {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "authorization-server");
        thread.setDaemon(true);
        return thread;
    });

    LocalHttp(Function<ReceivedRequest, Answer> handler) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                send(handler.apply(read(exchange)), exchange);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static ReceivedRequest read(HttpExchange exchange) throws IOException {
        return new ReceivedRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    }

    private static void send(Answer answer, HttpExchange exchange) throws IOException {
        if (answer.status() == 0) {
            return;
        }
        byte[] body = answer.bytes();
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        // Otherwise the body waits for the client to acknowledge the headers, which takes it 40 ms.
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }
}
