package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes answers, each with the headers that security asks for. */
final class Answer {

    /** Not made before something is written with it, for it takes its time at the start. */
    private static final class Mapper {
        static final ObjectMapper JSON = new ObjectMapper();
    }

    private static final String PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private Answer() {}

    static void json(HttpServletResponse response, int status, ObjectNode body) throws IOException {
        json(response, status, bytes(body));
    }

    static void json(HttpServletResponse response, int status, byte[] body) throws IOException {
        privately(response, status);
        write(response, "application/json", body);
    }

    static void page(HttpServletResponse response, int status, String html) throws IOException {
        privately(response, status);
        response.setHeader("Content-Security-Policy", PAGE_POLICY);
        write(response, "text/html;charset=utf-8", html.getBytes(UTF_8));
    }

    /** The head of an answer that goes on for as long as the caller listens. */
    static void beginEvents(HttpServletResponse response) {
        privately(response, 200);
        // Understood by nginx: what is held back there is no news.
        response.setHeader("X-Accel-Buffering", "no");
        response.setContentType("text/event-stream");
    }

    static void nothing(HttpServletResponse response) {
        privately(response, 204);
    }

    static void redirect(HttpServletResponse response, int status, String location) {
        privately(response, status);
        response.setHeader("Location", location);
    }

    /** Turns a request away before anybody looked at it. */
    static void refuse(HttpServletRequest request, HttpServletResponse response, int status, String description)
            throws IOException {
        refuse(request, response, status, "invalid_request", description);
    }

    static void refuse(
            HttpServletRequest request, HttpServletResponse response, int status, String error, String description)
            throws IOException {
        if (mayBeUnread(request)) {
            response.setHeader("Connection", "close");
        }
        json(response, status, object().put("error", error).put("error_description", description));
    }

    /**
     * Whether a refused request may still have a body on the line. Jetty then closes the connection, and the caller
     * must be told, or its next request is lost.
     */
    static boolean mayBeUnread(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /** An empty object, to be filled. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] bytes(ObjectNode json) {
        try {
            return Mapper.JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of text and numbers can always be written", e);
        }
    }

    private static void privately(HttpServletResponse response, int status) {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    private static void write(HttpServletResponse response, String type, byte[] body) throws IOException {
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
