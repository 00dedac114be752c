package io.cardea.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/**
 * JSON written piece by piece. Unlike a mapper it takes no time to load, which a start would wait for, and unlike a tree
 * it costs a hot path next to nothing.
 */
final class JsonText {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Writes a value. */
    interface Value {
        void to(JsonGenerator json) throws IOException;
    }

    private JsonText() {}

    static byte[] of(Value value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            value.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory can always be written", e);
        }
        return bytes.toByteArray();
    }

    static void text(JsonGenerator json, String name, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(name, text.get());
        }
    }

    /** In epoch milliseconds. */
    static void time(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        if (time.isPresent()) {
            json.writeNumberField(name, time.get().toEpochMilli());
        }
    }
}
