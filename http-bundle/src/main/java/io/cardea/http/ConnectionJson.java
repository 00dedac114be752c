package io.cardea.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cardea.oauth.Connection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A connection as programs see it: all that is known of it but its tokens. Moments are in epoch milliseconds. */
final class ConnectionJson {

    private ConnectionJson() {}

    static byte[] of(Connection connection) {
        return JsonText.of(json -> write(json, connection));
    }

    static byte[] of(List<Connection> connections) {
        return JsonText.of(json -> {
            json.writeStartArray();
            for (Connection connection : connections) {
                write(json, connection);
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Connection connection) throws IOException {
        json.writeStartObject();
        json.writeStringField("provider", connection.key().provider());
        json.writeStringField("connection", connection.key().connection());
        json.writeStringField("state", connection.state().wireName());
        JsonText.time(json, "expires_at", connection.expiresAt());
        json.writeStringField("scope", String.join(" ", connection.scopes()));
        JsonText.text(json, "subject", connection.subject());
        JsonText.text(json, "account", connection.account());
        JsonText.text(json, "email", connection.email());
        JsonText.text(json, "plan", connection.plan());
        JsonText.time(json, "created_at", Optional.of(connection.createdAt()));
        JsonText.time(json, "refreshed_at", connection.refreshedAt());
        json.writeStringField("fingerprint", connection.fingerprint());
        json.writeEndObject();
    }
}
