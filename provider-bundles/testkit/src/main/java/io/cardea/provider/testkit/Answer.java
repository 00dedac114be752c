package io.cardea.provider.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP answer of the server.
 *
 * @param status the status; 0 closes the connection without any answer
 * @param headers by their names
 * @param body the body
 */
public record Answer(int status, Map<String, String> headers, String body) {

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** No answer at all: the connection is closed. */
    public static Answer none() {
        return new Answer(0, Map.of(), "");
    }

    /** An answer with a status and nothing else. */
    public static Answer empty(int status) {
        return new Answer(status, Map.of(), "");
    }

    /** A JSON object, or whatever else Jackson can write. */
    public static Answer json(int status, Map<String, ?> members) {
        return text(status, "application/json", Json.write(members));
    }

    /** As a form, the way that some services answer unless they are asked for JSON. */
    public static Answer form(int status, Map<String, ?> members) {
        return text(status, "application/x-www-form-urlencoded", Parameters.encode(members));
    }

    /** Any text. */
    public static Answer text(int status, String contentType, String body) {
        return new Answer(status, Map.of("Content-Type", contentType, "Cache-Control", "no-store"), body);
    }

    /** This answer with another status. */
    public Answer withStatus(int other) {
        return new Answer(other, headers, body);
    }

    /** This answer with another body. */
    public Answer withBody(String other) {
        return new Answer(status, headers, other);
    }

    /** This answer with one more header. */
    public Answer withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }

    byte[] bytes() {
        return body.getBytes(UTF_8);
    }
}
