package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A request and its answer without a server. Asked for anything that is not here, the request fails. */
final class Exchange {

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> answered = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final StringBuilder query = new StringBuilder();
    private final List<Cookie> cookies = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String verb = "GET";
    private String path = "/oauth/acme/somewhere";
    private byte[] body = new byte[0];
    private boolean chunked;
    private boolean stalled;
    private int status;
    private Optional<EventReader> reader = Optional.empty();

    Exchange header(String name, String value) {
        headers.put(name, List.of(value));
        return this;
    }

    /** One more header of this name. */
    Exchange moreOf(String name, String value) {
        headers.merge(
                name,
                List.of(value),
                (some, more) -> Stream.of(some, more).flatMap(List::stream).toList());
        return this;
    }

    private String firstOf(String name) {
        return headers.containsKey(name) ? headers.get(name).get(0) : null;
    }

    Exchange method(String name) {
        verb = name;
        return this;
    }

    Exchange path(String uri) {
        path = uri;
        return this;
    }

    Exchange parameter(String name, String... values) {
        for (String value : values) {
            query.append(query.isEmpty() ? "" : "&").append(name).append('=').append(URLEncoder.encode(value, UTF_8));
        }
        return this;
    }

    Exchange query(String raw) {
        query.append(raw);
        return this;
    }

    Exchange cookie(String name, String value) {
        cookies.add(new Cookie(name, value));
        return this;
    }

    Exchange body(byte[] content) {
        body = content;
        return this;
    }

    Exchange body(String content) {
        return body(content.getBytes(UTF_8));
    }

    /** Without a length, as HTTP/1.1 sends what is not known beforehand. */
    Exchange chunked() {
        chunked = true;
        return this;
    }

    /** After the body that there is, nothing comes and nothing ends. */
    Exchange stalled() {
        stalled = true;
        return this;
    }

    /** What becomes of the answer, the reader sees. */
    Exchange asynchronous(EventReader listener) {
        reader = Optional.of(listener);
        return this;
    }

    private static AsyncContext async() {
        return proxy(AsyncContext.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "setTimeout" -> {}
                case "start" -> ((Runnable) arguments[0]).run();
                default -> throw new UnsupportedOperationException(method.getName());
            }
            return null;
        });
    }

    HttpServletRequest request() {
        return proxy(HttpServletRequest.class, (self, method, arguments) -> switch (method.getName()) {
            case "getHeader" -> firstOf((String) arguments[0]);
            case "getHeaders" -> Collections.enumeration(headers.getOrDefault((String) arguments[0], List.of()));
            case "getContentType" -> firstOf("Content-Type");
            case "getContentLengthLong" -> chunked ? -1L : (long) body.length;
            case "getInputStream" -> new Body(new ByteArrayInputStream(body), stalled);
            case "getMethod" -> verb;
            case "getContextPath" -> "";
            case "getQueryString" -> query.isEmpty() ? null : query.toString();
            case "startAsync" -> reader.isPresent() ? reader.get().request.startAsync() : async();
            case "getCookies" -> cookies.isEmpty() ? null : cookies.toArray(new Cookie[0]);
            case "getRequestURI" -> path;
            case "getRemoteAddr" -> "127.0.0.1";
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    HttpServletResponse response() {
        return proxy(HttpServletResponse.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "setStatus" -> status = (int) arguments[0];
                case "setHeader" -> answered.put((String) arguments[0], List.of((String) arguments[1]));
                case "addHeader" ->
                    answered.computeIfAbsent((String) arguments[0], name -> new ArrayList<>())
                            .add((String) arguments[1]);
                case "setContentType" -> answered.put("Content-Type", List.of((String) arguments[0]));
                case "setContentLength" -> answered.put("Content-Length", List.of(String.valueOf(arguments[0])));
                case "isCommitted" -> {
                    return false;
                }
                case "getOutputStream" -> {
                    return new Sink(out);
                }
                default -> throw new UnsupportedOperationException(method.getName());
            }
            return null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    int status() {
        return status;
    }

    Optional<String> answered(String header) {
        return answered.getOrDefault(header, List.of()).stream().findFirst();
    }

    String text() {
        return out.toString(UTF_8);
    }

    JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private static final class Body extends ServletInputStream {

        private final ByteArrayInputStream in;
        private final boolean stalled;

        Body(ByteArrayInputStream in, boolean stalled) {
            this.in = in;
            this.stalled = stalled;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public boolean isFinished() {
            return !stalled && in.available() == 0;
        }

        @Override
        public boolean isReady() {
            return !stalled || in.available() > 0;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            try {
                listener.onDataAvailable();
                if (isFinished()) {
                    listener.onAllDataRead();
                }
            } catch (IOException e) {
                listener.onError(e);
            }
        }
    }

    private static final class Sink extends ServletOutputStream {

        private final ByteArrayOutputStream out;

        Sink(ByteArrayOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) {
            out.write(b);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
