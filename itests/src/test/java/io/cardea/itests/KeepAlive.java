package io.cardea.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;

/** A connection that is kept alive and sends requests quicker than any browser, one after the other. */
final class KeepAlive implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final String host;

    KeepAlive(String url) {
        try {
            int port = URI.create(url).getPort();
            host = "localhost:" + port;
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of an answer. */
    record Head(String text) {

        int status() {
            return Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }

        String header(String name) {
            int begin = text.indexOf("\n" + name + ": ") + name.length() + 3;
            return text.substring(begin, text.indexOf('\r', begin));
        }
    }

    /** Sends a request without looking at what is answered. */
    void send(String path, String cookie) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
                + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n";
        try {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Head receive() {
        try {
            StringBuilder head = new StringBuilder(1024);
            while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("The connection was closed after: " + head);
                }
                head.append((char) next);
            }
            Head answer = new Head(head.toString());
            if (head.indexOf("\nContent-Length: ") >= 0) {
                in.skipNBytes(Long.parseLong(answer.header("Content-Length")));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Head get(String path) {
        return get(path, "");
    }

    Head get(String path, String cookie) {
        send(path, cookie);
        return receive();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
