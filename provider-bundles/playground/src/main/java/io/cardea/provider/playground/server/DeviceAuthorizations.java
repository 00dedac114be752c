package io.cardea.provider.playground.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The device authorization endpoint, and what becomes of its codes (RFC 8628): a client begins, a person enters the user
 * code on another device and decides, the client polls until then.
 */
public final class DeviceAuthorizations {

    static final Duration LIFETIME = Duration.ofMinutes(10);

    /** What a client must wait longer each time it polls too early (RFC 8628, section 3.5). */
    private static final Duration SLOW_DOWN = Duration.ofSeconds(5);
    /** A client that keeps the interval to the second is not punished for a network that was quicker this time. */
    private static final Duration TOLERANCE = Duration.ofMillis(500);

    // RFC 8628, section 6.1: no vowels, so no words, and nothing that looks like something else.
    private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
    private static final int HALF = 4;
    private static final int CAPACITY = 10_000;

    /** What became of a device authorization so far. */
    private enum Progress {
        PENDING,
        APPROVED,
        DENIED
    }

    private record Device(
            String deviceCodeHash,
            String userCodeHash,
            Client client,
            List<String> scopes,
            Instant expiresAt,
            Instant pollNotBefore,
            Duration interval,
            Progress progress,
            Optional<Grant> grant) {

        Device decided(Progress decision, Optional<Grant> granted) {
            return new Device(
                    deviceCodeHash,
                    userCodeHash,
                    client,
                    scopes,
                    expiresAt,
                    pollNotBefore,
                    interval,
                    decision,
                    granted);
        }

        Device polled(Instant now, Duration nextInterval) {
            return new Device(
                    deviceCodeHash,
                    userCodeHash,
                    client,
                    scopes,
                    expiresAt,
                    now.plus(nextInterval).minus(TOLERANCE),
                    nextInterval,
                    progress,
                    grant);
        }
    }

    /** What a person is asked; the user code is written as the device shows it. */
    public record Question(String userCode, Client client, List<String> scopes) {}

    private final String verificationUri;
    private final Duration interval;
    private final Grants grants;
    private final InstantSource clock;
    private final ExpiringMap<Device> devices;

    DeviceAuthorizations(String verificationUri, Duration interval, Grants grants, InstantSource clock) {
        this.verificationUri = verificationUri;
        this.interval = interval;
        this.grants = grants;
        this.clock = clock;
        this.devices = new ExpiringMap<>(CAPACITY, clock);
    }

    /**
     * Answers a device authorization request (RFC 8628, section 3.1).
     *
     * @param client who sent it, authenticated
     */
    public synchronized Map<String, Object> begin(Client client, Parameters parameters) {
        List<String> scopes = Scopes.requested(parameters.get("scope"));
        String deviceCode = Secrets.random();
        String userCode = newUserCode();
        Instant now = clock.instant();
        Device device = new Device(
                Secrets.hash(deviceCode),
                userCodeHash(userCode),
                client,
                scopes,
                now.plus(LIFETIME),
                now,
                interval,
                Progress.PENDING,
                Optional.empty());
        // Kept for longer than it is good for, so that a poll that comes late is told why.
        devices.put(device.deviceCodeHash(), device, LIFETIME.multipliedBy(2));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("device_code", deviceCode);
        answer.put("user_code", userCode);
        answer.put("verification_uri", verificationUri);
        answer.put(
                "verification_uri_complete", verificationUri + "?" + Parameters.encode(Map.of("user_code", userCode)));
        answer.put("expires_in", LIFETIME.toSeconds());
        answer.put("interval", interval.toSeconds());
        return answer;
    }

    /** What the user code stands for, while it waits for a decision; however the person wrote it. */
    public synchronized Optional<Question> question(String userCode) {
        String letters = letters(userCode);
        return pending(userCode)
                .map(device -> new Question(
                        letters.substring(0, HALF) + "-" + letters.substring(HALF), device.client(), device.scopes()));
    }

    /** The person agreed. False when the user code does not wait for a decision any more. */
    public synchronized boolean approve(String userCode, Person person, Instant authenticatedAt) {
        Optional<Device> device = pending(userCode);
        device.ifPresent(found -> {
            Grant grant = new Grant(found.client(), person, found.scopes(), authenticatedAt, Optional.empty());
            devices.replace(found.deviceCodeHash(), found.decided(Progress.APPROVED, Optional.of(grant)));
        });
        return device.isPresent();
    }

    /** The person did not agree. False when the user code does not wait for a decision any more. */
    public synchronized boolean deny(String userCode) {
        Optional<Device> device = pending(userCode);
        device.ifPresent(
                found -> devices.replace(found.deviceCodeHash(), found.decided(Progress.DENIED, Optional.empty())));
        return device.isPresent();
    }

    /**
     * Answers a device access token request (RFC 8628, section 3.4), at most once with a grant.
     *
     * @throws OAuthError {@code authorization_pending}, {@code slow_down}, {@code access_denied}, {@code expired_token};
     *     {@code invalid_grant} for a device code that is unknown, another client's or used
     */
    synchronized Grant poll(Client client, String deviceCode) {
        Optional<Device> found = devices.get(Secrets.hash(deviceCode));
        if (found.isEmpty()) {
            grants.endGrantOf(deviceCode);
        }
        Device device = found.filter(known -> known.client().equals(client))
                .orElseThrow(() -> OAuthError.invalidGrant("the device code is unknown or was used"));
        Instant now = clock.instant();
        if (!device.expiresAt().isAfter(now)) {
            throw OAuthError.of("expired_token", "the device code expired");
        }
        boolean early = now.isBefore(device.pollNotBefore());
        Duration next = early ? device.interval().plus(SLOW_DOWN) : device.interval();
        devices.replace(device.deviceCodeHash(), device.polled(now, next));
        if (early) {
            throw OAuthError.of("slow_down", "wait " + next.toSeconds() + " seconds between two requests");
        }
        if (device.progress() == Progress.DENIED) {
            throw OAuthError.of("access_denied", "the person did not agree");
        }
        Grant grant = device.grant()
                .orElseThrow(() -> OAuthError.of("authorization_pending", "the person has not decided yet"));
        devices.remove(device.deviceCodeHash());
        grants.spent(deviceCode, grant);
        return grant;
    }

    private String newUserCode() {
        String code = Secrets.random(ALPHABET, HALF) + "-" + Secrets.random(ALPHABET, HALF);
        return pending(code).isPresent() ? newUserCode() : code;
    }

    private Optional<Device> pending(String userCode) {
        String hash = userCodeHash(userCode);
        Instant now = clock.instant();
        return devices.find(device -> device.userCodeHash().equals(hash)
                && device.progress() == Progress.PENDING
                && device.expiresAt().isAfter(now));
    }

    private static String userCodeHash(String userCode) {
        return Secrets.hash(letters(userCode));
    }

    /** RFC 8628, section 6.1: case and punctuation do not count. */
    private static String letters(String userCode) {
        return userCode.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    }
}
