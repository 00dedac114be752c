package io.cardea.provider.playground;

import io.cardea.provider.playground.server.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be configured.
 *
 * @param accessTokenLifetime key {@code access_token_lifetime}, in seconds
 * @param pollInterval key {@code interval} (RFC 8628, section 3.2), in seconds
 * @param clients keys {@code client.<client_id>}, each a secret, a space and a redirect URI: programs that are registered
 *     besides Cardea itself
 * @param problem what is wrong with the configuration, as a sentence; absent when nothing is
 */
record Settings(Duration accessTokenLifetime, Duration pollInterval, List<Client> clients, Optional<String> problem) {

    static final Settings DEFAULT =
            new Settings(Duration.ofMinutes(5), Duration.ofSeconds(5), List.of(), Optional.empty());

    private static final String CLIENT = "client.";
    private static final List<String> FRAMEWORKS = List.of("service.", "component.", "felix.", "osgi.", ":");

    private static final int LONGEST = 86_400;

    /**
     * Reads a configuration. It does not throw: a component that cannot be made takes all that need it down with it, each
     * with an error of its own in the log, and none where an operator looks.
     */
    static Settings of(Map<String, ?> configuration) {
        try {
            return read(configuration);
        } catch (IllegalArgumentException e) {
            String problem = "The playground's configuration is wrong: " + e.getMessage();
            return new Settings(
                    DEFAULT.accessTokenLifetime(), DEFAULT.pollInterval(), DEFAULT.clients(), Optional.of(problem));
        }
    }

    private static Settings read(Map<String, ?> configuration) {
        Duration accessTokenLifetime = DEFAULT.accessTokenLifetime();
        Duration pollInterval = DEFAULT.pollInterval();
        List<Client> clients = new ArrayList<>();
        for (Map.Entry<String, ?> entry : configuration.entrySet()) {
            // Core hides what a provider is configured with from other bundles, by a dot before the key.
            String key = entry.getKey().startsWith(".") ? entry.getKey().substring(1) : entry.getKey();
            if (key.startsWith(CLIENT)) {
                clients.add(client(key, String.valueOf(entry.getValue())));
            } else if (key.equals("access_token_lifetime")) {
                accessTokenLifetime = seconds(key, entry.getValue());
            } else if (key.equals("interval")) {
                pollInterval = seconds(key, entry.getValue());
            } else if (!isFrameworks(key)) {
                throw new IllegalArgumentException(
                        "unknown key " + key + "; known are access_token_lifetime, interval and client.<client_id>");
            }
        }
        return new Settings(accessTokenLifetime, pollInterval, List.copyOf(clients), Optional.empty());
    }

    /** Such as service.pid, component.name and :cardea:file. */
    private static boolean isFrameworks(String key) {
        return FRAMEWORKS.stream().anyMatch(key::startsWith);
    }

    private static Client client(String key, String value) {
        List<String> parts = List.of(value.trim().split("\\s+", -1));
        String id = key.substring(CLIENT.length());
        if (parts.size() != 2 || id.isEmpty() || id.equals(Playground.CLIENT_ID)) {
            throw new IllegalArgumentException(
                    key + " must be a secret and a redirect URI with a space between, of a client other than "
                            + Playground.CLIENT_ID);
        }
        return Client.of(id, id, parts.get(0), parts.get(1));
    }

    private static Duration seconds(String key, Object value) {
        try {
            int seconds = Integer.parseInt(String.valueOf(value).trim());
            if (seconds > 0 && seconds <= LONGEST) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // Falls through to the message.
        }
        throw new IllegalArgumentException(
                key + " must be a number of seconds from 1 to " + LONGEST + ", not " + value);
    }
}
