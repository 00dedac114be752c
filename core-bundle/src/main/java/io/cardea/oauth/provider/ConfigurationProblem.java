package io.cardea.oauth.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a provider cannot be used as it is configured, in words for whoever configures it. */
final class ConfigurationProblem {

    // A listing has room for more; but nobody reads it.
    private static final int LONGEST = 1000;
    private static final int LONGEST_VALUE = 100;

    private ConfigurationProblem() {}

    /** What is the matter with a configuration that cannot be, in words that the listing of providers takes. */
    static String of(IllegalArgumentException refusal) {
        return plain(String.valueOf(refusal.getMessage()), LONGEST);
    }

    /** What is not configured yet; absent when nothing is missing. */
    static Optional<String> missing(Settings settings, ClientAuthentication clientAuthentication, String fileName) {
        String file = "deploy/" + fileName;
        List<String> absent = new ArrayList<>();
        for (String key : clientAuthentication.needs()) {
            String value = settings.text(key).orElse("");
            if (value.isEmpty()) {
                absent.add(key);
            } else if (settings.resolved(key).isEmpty()) {
                return Optional.of("Not configured: " + file + " says " + key + " = " + plain(value, LONGEST_VALUE)
                        + ", but there is no such thing or it cannot be read");
            }
        }
        absent.addAll(settings.missingVariables());
        return absent.isEmpty()
                ? Optional.empty()
                : Optional.of(plain("Not configured: set " + String.join(" and ", absent) + " in " + file, LONGEST));
    }

    private static String plain(String text, int longest) {
        String cut = text.length() <= longest ? text : text.substring(0, longest - 1) + "\u2026";
        return Settings.NOT_PLAIN.matcher(cut).replaceAll("?");
    }
}
