package io.cardea.provider.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Devices that wait for a person (RFC 8628). */
final class Devices {

    private static final int LIFETIME = 600;
    private static final int INTERVAL = 5;

    private record Waiting(String userCode, Grant grant) {}

    private final AuthorizationServer server;
    private final Grants grants;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

    Devices(AuthorizationServer server, Grants grants) {
        this.server = server;
        this.grants = grants;
    }

    Answer authorize(ReceivedRequest request) {
        if (!request.method().equals("POST")) {
            throw new Refusal("invalid_request", "A device authorization request must be a POST.");
        }
        Map<String, String> parameters = request.form();
        server.requireClient(request, parameters);
        List<String> scopes = server.scopes(parameters);
        String deviceCode = grants.secret("device");
        String userCode = UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT);
        waiting.put(deviceCode, new Waiting(userCode, new Grant(scopes, Optional.empty())));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("device_code", deviceCode);
        members.put("user_code", userCode);
        members.put("verification_uri", server.url() + "/device");
        members.put("verification_uri_complete", server.url() + "/device?user_code=" + userCode);
        members.put("expires_in", LIFETIME);
        members.put("interval", INTERVAL);
        return server.deviceAnswer(request, members);
    }

    /** What the person has allowed; a device code is good for that once. */
    Grant poll(String deviceCode) {
        Waiting device = waiting.get(deviceCode);
        if (device == null) {
            throw new Refusal("invalid_grant", "The device code is none that was given out, or was used before.");
        }
        server.faults().requireSlowPoll();
        server.person().requireDeviceApproval(device.userCode());
        waiting.remove(deviceCode);
        return device.grant();
    }
}
