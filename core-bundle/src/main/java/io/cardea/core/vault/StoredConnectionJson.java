package io.cardea.core.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is inside a sealed record: a connection as JSON, without its key and version, which the seal names. */
final class StoredConnectionJson {

    /**
     * Only core's own and the JDK's types pass through it: a mapper keeps the classes that it has seen. Not made before it
     * is used, for it takes its time at the start.
     */
    private static final class Mapper {
        static final ObjectMapper JSON = new ObjectMapper();
    }

    private StoredConnectionJson() {}

    static byte[] write(StoredConnection connection) throws IOException {
        return Mapper.JSON.writeValueAsBytes(json(connection));
    }

    /** @throws IOException for what is no connection */
    static StoredConnection read(ConnectionKey key, long version, byte[] plain) throws IOException {
        JsonNode json;
        try {
            json = Mapper.JSON.readTree(plain);
        } catch (JsonProcessingException e) {
            // Not as its cause: it may quote a token.
            throw new IOException(
                    "the record is no connection at " + e.getLocation().getByteOffset());
        }
        List<String> scopes = new ArrayList<>();
        json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
        Map<String, String> attributes = new TreeMap<>();
        json.path("attributes")
                .properties()
                .forEach(
                        entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
        List<SupersededToken> superseded = new ArrayList<>();
        json.path("superseded")
                .forEach(token -> superseded.add(new SupersededToken(
                        token.path("hash").asText(),
                        Instant.ofEpochMilli(token.path("until").asLong()))));
        Credential credential = new Credential(
                json.path("access_token").asText(),
                json.path("token_type").asText(),
                time(json, "expires_at"),
                text(json, "refresh_token"),
                text(json, "id_token"),
                scopes,
                attributes);
        return new StoredConnection(
                key,
                version,
                credential,
                new Profile(text(json, "subject"), text(json, "account"), text(json, "email"), text(json, "plan")),
                text(json, "plugin").orElse(""),
                Instant.ofEpochMilli(json.path("created_at").asLong()),
                time(json, "refreshed_at"),
                json.path("reauthorization_required").asBoolean(),
                attempt(json.path("refresh_attempt")),
                superseded);
    }

    private static ObjectNode json(StoredConnection connection) {
        Credential credential = connection.credential();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("access_token", credential.accessToken());
        json.put("token_type", credential.tokenType());
        credential.expiresAt().ifPresent(end -> json.put("expires_at", end.toEpochMilli()));
        credential.refreshToken().ifPresent(token -> json.put("refresh_token", token));
        credential.idToken().ifPresent(token -> json.put("id_token", token));
        credential.scopes().forEach(json.withArray("scopes")::add);
        ObjectNode attributes = json.putObject("attributes");
        credential.attributes().forEach(attributes::put);
        connection.profile().subject().ifPresent(subject -> json.put("subject", subject));
        connection.profile().account().ifPresent(account -> json.put("account", account));
        connection.profile().email().ifPresent(email -> json.put("email", email));
        connection.profile().plan().ifPresent(plan -> json.put("plan", plan));
        json.put("plugin", connection.plugin());
        json.put("created_at", connection.createdAt().toEpochMilli());
        connection.refreshedAt().ifPresent(time -> json.put("refreshed_at", time.toEpochMilli()));
        json.put("reauthorization_required", connection.reauthorizationRequired());
        connection
                .attempt()
                .ifPresent(attempt -> json.putObject("refresh_attempt")
                        .put("process", attempt.process())
                        .put("in_doubt", attempt.inDoubt()));
        connection
                .superseded()
                .forEach(token -> json.withArray("superseded")
                        .addObject()
                        .put("hash", token.hash())
                        .put("until", token.until().toEpochMilli()));
        return json;
    }

    private static Optional<RefreshAttempt> attempt(JsonNode json) {
        return json.isObject()
                ? Optional.of(new RefreshAttempt(
                        json.path("process").asText(), json.path("in_doubt").asBoolean()))
                : Optional.empty();
    }

    private static Optional<String> text(JsonNode json, String name) {
        return json.hasNonNull(name) ? Optional.of(json.get(name).asText()) : Optional.empty();
    }

    private static Optional<Instant> time(JsonNode json, String name) {
        return json.hasNonNull(name)
                ? Optional.of(Instant.ofEpochMilli(json.get(name).asLong()))
                : Optional.empty();
    }
}
