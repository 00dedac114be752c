package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cardea.oauth.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/** What is written to a stream of Server-Sent Events (WHATWG HTML, section 9.2.5). */
final class EventText {

    /** Comments, which every reader passes over. */
    static final byte[] BEGIN = ": Cardea\n\n".getBytes(UTF_8);

    static final byte[] HEARTBEAT = ":\n\n".getBytes(UTF_8);

    private EventText() {}

    /** The data is one line, for JSON has no line ends within its texts. */
    static void write(ByteArrayOutputStream out, Event event) {
        byte[] data = JsonText.of(json -> write(json, event));
        String head = "id: " + event.id() + "\nevent: " + event.type().wireName() + "\ndata: ";
        out.writeBytes(head.getBytes(UTF_8));
        out.writeBytes(data);
        out.writeBytes("\n\n".getBytes(UTF_8));
    }

    private static void write(JsonGenerator json, Event event) throws IOException {
        json.writeStartObject();
        JsonText.text(json, "provider", Optional.of(event.provider()).filter(name -> !name.isEmpty()));
        JsonText.text(json, "connection", event.connection());
        JsonText.text(json, "detail", event.detail());
        JsonText.time(json, "time", Optional.of(event.time()));
        json.writeEndObject();
    }
}
