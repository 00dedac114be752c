package io.cardea.core.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Something that was done: when, what, and what is known of it. Becomes one line of JSON, whatever is in its texts. */
final class AuditEntry {

    // Long enough for whatever a person can read; some of it came from far away.
    private static final int MAX_TEXT = 512;

    private final Map<String, Object> members = new LinkedHashMap<>();

    AuditEntry(Instant time, String event) {
        members.put("time", time.toString());
        members.put("event", event);
    }

    AuditEntry with(String name, String text) {
        members.put(name, text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
        return this;
    }

    AuditEntry with(String name, Optional<String> text) {
        text.ifPresent(known -> with(name, known));
        return this;
    }

    AuditEntry with(String name, int number) {
        members.put(name, number);
        return this;
    }

    /** The line, with its end. */
    byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = Factory.JSON.createGenerator(line)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> member : members.entrySet()) {
                json.writeObjectField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return line.toByteArray();
    }

    /** Not made before there is something to write: the start does not wait for it. */
    private static final class Factory {
        static final JsonFactory JSON = new JsonFactory();
    }
}
