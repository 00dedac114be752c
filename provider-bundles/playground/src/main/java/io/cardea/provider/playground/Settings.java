package io.cardea.provider.playground;

import java.time.Duration;
import java.util.Map;

/**
 * What can be configured.
 *
 * @param accessTokenLifetime key {@code access_token_lifetime}, in seconds
 * @param pollInterval key {@code interval} (RFC 8628, section 3.2), in seconds
 */
record Settings(Duration accessTokenLifetime, Duration pollInterval) {

    static final Settings DEFAULT = new Settings(Duration.ofMinutes(5), Duration.ofSeconds(5));

    private static final int LONGEST = 86_400;

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException for an unknown key or a bad value, naming it
     */
    static Settings of(Map<String, ?> configuration) {
        Settings settings = DEFAULT;
        for (Map.Entry<String, ?> entry : configuration.entrySet()) {
            String key = entry.getKey();
            if (key.equals("access_token_lifetime")) {
                settings = new Settings(seconds(key, entry.getValue()), settings.pollInterval());
            } else if (key.equals("interval")) {
                settings = new Settings(settings.accessTokenLifetime(), seconds(key, entry.getValue()));
            } else if (!key.contains(".")) { // service.pid, component.name and the like are not ours
                throw new IllegalArgumentException("Configuration of the playground: unknown key " + key
                        + "; known are access_token_lifetime and interval");
            }
        }
        return settings;
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
        throw new IllegalArgumentException("Configuration of the playground: " + key
                + " must be a number of seconds from 1 to " + LONGEST + ", not " + value);
    }
}
