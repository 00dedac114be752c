package io.cardea.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The address that Cardea listens on. */
record Endpoint(InetAddress address, int port) {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 5;
    private static final long ARRIVAL_MILLIS = 10_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Pattern PROVIDER = Pattern.compile(
            "\"name\"\\s*:\\s*\"([a-z0-9-]+)\".*?\"is_available\"\\s*:\\s*(true|false)", Pattern.DOTALL);

    /** Refuses an address that other machines reach, unless something stands before {@code /login}. */
    static Endpoint of(Settings settings) {
        InetAddress address;
        try {
            address = InetAddress.getByName(settings.host());
        } catch (UnknownHostException e) {
            throw new Refusal("CARDEA_HTTP_HOST=" + settings.host() + ": there is no such host", e);
        }
        if (!address.isLoopbackAddress() && !settings.isLoginProtected()) {
            throw new Refusal(
                    "CARDEA_HTTP_HOST=" + settings.host() + " lets other machines in, where anybody could log in"
                            + " and replace a connection's account; set CARDEA_LOGIN_PROTECTION=key to ask for an API key there,"
                            + " or =proxy if a reverse proxy that authenticates stands before Cardea");
        }
        return new Endpoint(address, settings.port());
    }

    /** Refuses an address that cannot be bound, before anything is started; binds as Jetty does. */
    void requireFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (BindException e) {
            throw taken(Refusal.reason(e));
        } catch (IOException e) {
            throw new Refusal("Cannot listen on " + described() + ": " + Refusal.reason(e), e);
        }
    }

    Refusal taken(String reason) {
        return new Refusal("Cannot listen on " + described() + ": " + reason
                + "; set CARDEA_HTTP_PORT (0 takes any free port) or CARDEA_HTTP_HOST");
    }

    /**
     * Asks {@code GET path} until the answer is 200, and returns its body.
     *
     * @param failure looked at now and then: why there will never be such an answer
     * @param missing asked at the end: what there is no such answer for want of
     */
    String await200(
            String path, long timeoutMillis, Supplier<Optional<String>> failure, Supplier<Optional<String>> missing) {
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        long nextLook = start + LOOK_NANOS;
        String last = "no answer";
        while (System.nanoTime() < end) {
            try {
                String answer = get(path);
                if (answer.startsWith("HTTP/1.1 200 ")) {
                    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
                }
                last = answer.lines().findFirst().orElse("an empty answer");
                if (System.nanoTime() > nextLook) {
                    nextLook = System.nanoTime() + LOOK_NANOS;
                    failure.get().ifPresent(why -> {
                        throw new Refusal(why);
                    });
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                last = Refusal.reason(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Refusal("Interrupted while starting", e);
            }
        }
        throw new Refusal("GET " + path + " on " + described() + " is not answered with 200 but: " + last
                + missing.get().map(what -> "; " + what).orElse(""));
    }

    /**
     * The listing with all of these in it; after a while, as it is then.
     *
     * @param arrived how many there may be in it: to ask for the listing costs what those who arrive need
     */
    String awaitProviders(Set<String> names, IntSupplier arrived, String listing) {
        String listed = listing;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ARRIVAL_MILLIS);
        while (!listsAll(names, listed) && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                // Once more at the end: one that is refused never comes, and the others are here.
                if (arrived.getAsInt() >= names.size() || System.nanoTime() >= end) {
                    String answer = get("/oauth/providers");
                    listed = answer.substring(answer.indexOf("\r\n\r\n") + 4);
                }
            } catch (IOException e) {
                throw new Refusal("GET /oauth/providers on " + described() + ": " + Refusal.reason(e), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Refusal("Interrupted while starting", e);
            }
        }
        return listed;
    }

    private static boolean listsAll(Set<String> names, String listing) {
        return names.stream().allMatch(name -> listing.contains("\"name\":\"" + name + "\""));
    }

    /** A plain socket, for the JDK's HTTP clients would cost more than the rest of the launcher. */
    private String get(String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(reachable(), port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            String request = "GET " + path + " HTTP/1.0\r\nHost: localhost:" + port + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            try (InputStream answer = socket.getInputStream()) {
                return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private InetAddress reachable() {
        return address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    }

    /** What {@code GET /oauth/providers} answers, in a few words: whom one can log in to, and how many wait for it. */
    static String providers(String json) {
        List<String> available = new ArrayList<>();
        int others = 0;
        Matcher provider = PROVIDER.matcher(json);
        while (provider.find()) {
            if (Boolean.parseBoolean(provider.group(2))) {
                available.add(provider.group(1));
            } else {
                others++;
            }
        }
        Collections.sort(available);
        String names = available.isEmpty() ? "none yet" : String.join(", ", available);
        return others == 0 ? names : names + ", and " + others + " to be configured, see /oauth/providers";
    }

    /** What somebody who has just started Cardea does next, told from the same answer. */
    static String login(String json, String url) {
        Matcher provider = PROVIDER.matcher(json);
        while (provider.find()) {
            if (Boolean.parseBoolean(provider.group(2))) {
                return "open " + url;
            }
        }
        return "not before a provider is configured: " + url + " says what each one lacks."
                + " bin/cardea demo has one that lacks nothing";
    }

    String described() {
        String host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
