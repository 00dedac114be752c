package io.cardea.core.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cardea.core.login.FlowRecord.Device;
import io.cardea.core.login.FlowRecord.Manual;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.DeviceAuthorization;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is inside a sealed file: a flow as JSON. */
final class FlowJson {

    private static final Logger LOG = LoggerFactory.getLogger(FlowJson.class);
    private static final int FORMAT = 1;

    /** Not made before it is used, for it takes its time at the start. */
    private static final class Mapper {
        static final ObjectMapper JSON = new ObjectMapper();
    }

    private FlowJson() {}

    static byte[] write(FlowRecord flow) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("id", flow.id());
        json.put("provider", flow.key().provider());
        json.put("connection", flow.key().connection());
        json.put("expires_at", flow.expiresAt().toEpochMilli());
        json.put("state", flow.state().name());
        flow.claimedAt().ifPresent(time -> json.put("claimed_at", time.toEpochMilli()));
        flow.failure().ifPresent(why -> {
            ObjectNode failure = json.putObject("failure");
            failure.put("error", why.error().name());
            why.provider().ifPresent(provider -> failure.put("provider", provider));
            failure.put("description", why.getMessage());
        });
        flow.device().ifPresent(device -> write(device, json.putObject("device")));
        flow.manual()
                .ifPresent(manual -> json.putObject("manual")
                        .put("login", manual.login().bytes())
                        .put("redirect_uri", manual.ownRedirectUri()));
        return Mapper.JSON.writeValueAsBytes(json);
    }

    private static void write(Device device, ObjectNode json) {
        DeviceAuthorization authorization = device.authorization();
        json.put("device_code", authorization.deviceCode());
        json.put("user_code", authorization.userCode());
        json.put("verification_uri", authorization.verificationUri());
        authorization.verificationUriComplete().ifPresent(uri -> json.put("verification_uri_complete", uri));
        json.put("expires_at", authorization.expiresAt().toEpochMilli());
        json.put("interval", authorization.interval());
        json.put("poll_interval", device.interval());
        json.put("plugin", device.plugin());
        json.put("binding", device.binding());
        device.scopes().forEach(json.withArray("scopes")::add);
    }

    /** Absent when it is none that this version knows. */
    static Optional<FlowRecord> read(byte[] message) {
        try {
            JsonNode json = Mapper.JSON.readTree(message);
            return json.path("format").asInt() == FORMAT ? Optional.of(flow(json)) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            // Its message may quote a device code.
            LOG.debug("Not a flow of this version: {}", e.getClass().getName());
            return Optional.empty();
        }
    }

    private static FlowRecord flow(JsonNode json) throws IOException {
        JsonNode device = json.path("device");
        JsonNode manual = json.path("manual");
        return new FlowRecord(
                text(json, "id").orElseThrow(),
                new ConnectionKey(
                        json.path("provider").asText(), json.path("connection").asText()),
                time(json, "expires_at").orElseThrow(),
                manual.isObject() ? Optional.of(manual(manual)) : Optional.empty(),
                device.isObject() ? Optional.of(device(device)) : Optional.empty(),
                time(json, "claimed_at"),
                State.valueOf(json.path("state").asText()),
                failure(json.path("failure")));
    }

    private static Manual manual(JsonNode json) throws IOException {
        return new Manual(
                PendingLogin.read(json.path("login").binaryValue()).orElseThrow(),
                json.path("redirect_uri").asText());
    }

    private static Device device(JsonNode json) {
        List<String> scopes = new ArrayList<>();
        json.path("scopes").forEach(scope -> scopes.add(scope.asText()));
        return new Device(
                new DeviceAuthorization(
                        text(json, "device_code").orElseThrow(),
                        json.path("user_code").asText(),
                        json.path("verification_uri").asText(),
                        text(json, "verification_uri_complete"),
                        time(json, "expires_at").orElseThrow(),
                        json.path("interval").asInt()),
                json.path("poll_interval").asInt(),
                json.path("plugin").asText(),
                json.path("binding").asText(),
                scopes);
    }

    private static Optional<OAuthException> failure(JsonNode json) {
        return json.isObject()
                ? Optional.of(new OAuthException(
                        OAuthError.valueOf(json.path("error").asText()),
                        text(json, "provider"),
                        json.path("description").asText()))
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
