package io.cardea.core.outbound;

import io.cardea.core.fixture.LocalServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that speaks no HTTP but what a test makes it say, on a thread for each connection. */
final class RawServer implements AutoCloseable {

    /** What it does with a connection whose request it has not read. */
    interface Talk {
        void with(OutputStream out) throws IOException;
    }

    private final ServerSocket socket = new ServerSocket();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    RawServer(Talk talk) throws IOException {
        socket.bind(LocalServer.loopback(), 1000);
        daemon(() -> {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                daemon(() -> talk.with(connection.getOutputStream()));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // The other side, or the test, has closed the socket.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
