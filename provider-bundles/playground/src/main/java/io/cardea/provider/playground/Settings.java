package io.cardea.provider.playground;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What can be configured.
 *
 * @param accessTokenLifetime key {@code access_token_lifetime}, in seconds
 * @param pollInterval key {@code interval} (RFC 8628, section 3.2), in seconds
 * @param problem what is wrong with the configuration, as a sentence; absent when nothing is
 */
record Settings(Duration accessTokenLifetime, Duration pollInterval, Optional<String> problem) {

    static final Settings DEFAULT = new Settings(Duration.ofMinutes(5), Duration.ofSeconds(5), Optional.empty());

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
            return new Settings(DEFAULT.accessTokenLifetime(), DEFAULT.pollInterval(), Optional.of(problem));
        }
    }

    private static Settings read(Map<String, ?> configuration) {
        Duration accessTokenLifetime = DEFAULT.accessTokenLifetime();
        Duration pollInterval = DEFAULT.pollInterval();
        for (Map.Entry<String, ?> entry : configuration.entrySet()) {
            String key = entry.getKey();
            if (key.equals("access_token_lifetime")) {
                accessTokenLifetime = seconds(key, entry.getValue());
            } else if (key.equals("interval")) {
                pollInterval = seconds(key, entry.getValue());
            } else if (!key.contains(".")) { // service.pid, component.name and the like are not ours
                throw new IllegalArgumentException(
                        "unknown key " + key + "; known are access_token_lifetime and interval");
            }
        }
        return new Settings(accessTokenLifetime, pollInterval, Optional.empty());
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
