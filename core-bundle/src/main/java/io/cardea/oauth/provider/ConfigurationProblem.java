package io.cardea.oauth.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a provider cannot be used as it is configured, in words for whoever configures it. */
final class ConfigurationProblem {

    // A listing has room for more; but nobody reads it.
    private static final int LONGEST = 1000;
    private static final int LONGEST_VALUE = 100;
    // As ConfigurationAdmin's interpolation plugin understands it.
    private static final Pattern REFERENCE = Pattern.compile("\\$\\[(secret|env):([^;\\]]+).*");

    private static final List<String> SECRETS = List.of("client_secret", "private_key");

    private ConfigurationProblem() {}

    /** What is the matter with a configuration that cannot be, in words that the listing of providers takes. */
    static String of(IllegalArgumentException refusal) {
        return plain(String.valueOf(refusal.getMessage()), LONGEST);
    }

    /** What is not configured yet; absent when nothing is missing. */
    static Optional<String> missing(
            Settings settings, ClientAuthentication clientAuthentication, String provider, String fileName) {
        String file = "deploy/" + fileName;
        List<String> absent = new ArrayList<>();
        for (String key : clientAuthentication.needs()) {
            String value = settings.text(key).orElse("");
            if (value.isEmpty()) {
                absent.add(key);
            } else if (settings.resolved(key).isEmpty()) {
                return Optional.of("Not configured: " + file + " says " + key + " = " + plain(value, LONGEST_VALUE)
                        + ", but " + absence(value));
            }
        }
        absent.addAll(settings.missingVariables());
        return absent.isEmpty()
                ? Optional.empty()
                : Optional.of(plain(
                        "Not configured: set " + String.join(" and ", absent) + " in " + file
                                + whereSecretsAre(absent, provider),
                        LONGEST));
    }

    /** Why a reference leads nowhere, and what would mend it. */
    private static String absence(String value) {
        Matcher reference = REFERENCE.matcher(value);
        if (!reference.matches()) {
            return "there is no such thing or it cannot be read";
        }
        String name = plain(reference.group(2), LONGEST_VALUE);
        return reference.group(1).equals("secret")
                ? "there is no file conf/secrets/" + name
                        + ", or it cannot be read: write the secret into it, for your user alone (chmod 600)"
                : "there is no environment variable " + name + ": set it and start Cardea again";
    }

    private static String whereSecretsAre(List<String> absent, String provider) {
        return SECRETS.stream()
                .filter(absent::contains)
                .map(key -> ", best as " + key + " = $[secret:" + provider
                        + "] with the secret itself in the file conf/secrets/" + provider)
                .findFirst()
                .orElse("");
    }

    private static String plain(String text, int longest) {
        String cut = text.length() <= longest ? text : text.substring(0, longest - 1) + "\u2026";
        return Settings.NOT_PLAIN.matcher(cut).replaceAll("?");
    }
}
