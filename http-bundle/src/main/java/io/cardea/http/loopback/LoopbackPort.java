package io.cardea.http.loopback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port of the loopback addresses, with one thread for however many browsers come and however slow they are. It
 * closes when it is retired.
 */
final class LoopbackPort {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackPort.class);

    private static final int MAX_CONNECTIONS = 64;
    private static final long TICK_MILLIS = 100;
    private static final long STOP_MILLIS = 5_000;
    private static final byte[] IPV4 = {127, 0, 0, 1};
    private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final LoopbackRoutes routes;
    private final Selector selector;
    private final Consumer<LoopbackPort> retire;
    private final Thread thread;
    /** The oldest first; only ever touched by the thread. */
    private final Deque<LoopbackConnection> connections = new ArrayDeque<>();

    private volatile boolean closing;

    private LoopbackPort(int number, Selector selector, Consumer<LoopbackPort> retire) {
        this.routes = new LoopbackRoutes(number);
        this.selector = selector;
        this.retire = retire;
        this.thread = new Thread(this::serve, "cardea-loopback-" + number);
        thread.setDaemon(true);
    }

    /**
     * Listens.
     *
     * @param retire called again and again; releases the port when it is no longer needed
     */
    static LoopbackPort listen(int number, Consumer<LoopbackPort> retire) throws IOException {
        Selector selector = Selector.open();
        LoopbackPort port = new LoopbackPort(number, selector, retire);
        try {
            bind(InetAddress.getByAddress(IPV4), StandardProtocolFamily.INET, number, selector);
            // A name of two addresses must not lead to another program with one of them; but not every machine has
            // both.
            InetAddress other = InetAddress.getByAddress(IPV6);
            if (NetworkInterface.getByInetAddress(other) != null) {
                bind(other, StandardProtocolFamily.INET6, number, selector);
            }
        } catch (IOException e) {
            port.release();
            throw e;
        }
        port.thread.start();
        return port;
    }

    private static void bind(InetAddress address, ProtocolFamily family, int number, Selector selector)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(family);
        try {
            server.bind(new InetSocketAddress(address, number));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    LoopbackRoutes routes() {
        return routes;
    }

    boolean isOpen() {
        return selector.isOpen();
    }

    /** Returns when nobody listens any more. */
    void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try {
            while (!closing && isOpen()) {
                selector.select(this::proceed, TICK_MILLIS);
                while (!connections.isEmpty() && connections.getFirst().isLate()) {
                    connections.removeFirst().close();
                }
                retire.accept(this);
            }
        } catch (IOException e) {
            LOG.warn("Nobody listens for logins any more on {}", thread.getName(), e);
        } finally {
            release();
        }
    }

    private void proceed(SelectionKey key) {
        if (!(key.attachment() instanceof LoopbackConnection connection)) {
            accept((ServerSocketChannel) key.channel());
        } else if (!connection.proceed(key)) {
            connection.close();
            connections.remove(connection);
        }
    }

    private void accept(ServerSocketChannel server) {
        try {
            SocketChannel browser = server.accept();
            if (browser == null) {
                return;
            }
            if (connections.size() == MAX_CONNECTIONS) {
                // Whoever has waited longest is the least likely to be a browser with an answer.
                connections.removeFirst().close();
            }
            LoopbackConnection connection = new LoopbackConnection(browser, routes);
            connections.addLast(connection);
            browser.configureBlocking(false);
            browser.register(selector, SelectionKey.OP_READ, connection);
        } catch (IOException e) {
            LOG.warn("A browser was not heard on {}", thread.getName(), e);
            // Such as too many open files: it will not be better at once.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
        }
    }

    /**
     * Closes all sockets; for the thread alone, while there is one. What is registered stays open until the selector lets
     * go of it, so that is closed last.
     */
    void release() {
        if (!isOpen()) {
            return;
        }
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            LOG.warn("{} is not closed", thread.getName(), e);
        }
    }
}
