package io.cardea.http.loopback;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer: 16 KiB of head at most, and all within five seconds. */
final class LoopbackConnection {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackConnection.class);

    private static final int MAX_HEAD = 16 * 1024;
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final SocketChannel channel;
    private final LoopbackRoutes routes;
    private final long begin = System.nanoTime();
    private final ByteBuffer head = ByteBuffer.allocate(MAX_HEAD);
    private ByteBuffer answer = ByteBuffer.allocate(0);
    private boolean answering;

    LoopbackConnection(SocketChannel channel, LoopbackRoutes routes) {
        this.channel = channel;
        this.routes = routes;
    }

    boolean isLate() {
        return System.nanoTime() - begin > MAX_NANOS;
    }

    /** Does what can be done without waiting; false when nothing is left to do. */
    boolean proceed(SelectionKey key) {
        try {
            return answering ? answer(key) : read(key);
        } catch (IOException | CancelledKeyException e) {
            LOG.debug("A browser has gone", e);
            return false;
        }
    }

    private boolean read(SelectionKey key) throws IOException {
        int begun = head.position();
        if (channel.read(head) < 0) {
            return false;
        }
        // The mark may have begun with what was there before.
        int from = Math.max(0, begun - END_OF_HEAD.length());
        String news = new String(head.array(), from, head.position() - from, ISO_8859_1);
        int end = news.indexOf(END_OF_HEAD);
        if (end < 0 && head.hasRemaining()) {
            return true;
        }
        answer = ByteBuffer.wrap(
                end < 0
                        ? LoopbackRoutes.refusal("431 Request Header Fields Too Large", "This is too long.")
                        : routes.answer(new String(head.array(), 0, from + end, ISO_8859_1)));
        answering = true;
        return answer(key);
    }

    private boolean answer(SelectionKey key) throws IOException {
        if (answer.hasRemaining()) {
            channel.write(answer);
            key.interestOps(SelectionKey.OP_WRITE);
            if (answer.hasRemaining()) {
                return true;
            }
            // Closed while something is unread, the connection would be reset and the answer lost.
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
            return true;
        }
        head.clear();
        return channel.read(head) >= 0;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("A browser has gone", e);
        }
    }
}
