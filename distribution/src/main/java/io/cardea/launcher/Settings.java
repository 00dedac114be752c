package io.cardea.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a user can set: conf/cardea.properties, where an environment variable of the same name wins. Unknown keys and
 * bad values are refused, for a misspelt key would otherwise be found out much later.
 *
 * <p>Here and in all else that runs before the framework, plain loops do what streams would: their first use costs more
 * than the rest of the launcher.
 */
record Settings(Path home, Map<Setting, String> values) {
    /** Read by bin/cardea, not here, and therefore only from the environment. */
    private static final String JAVA_OPTS = "CARDEA_JAVA_OPTS";

    private static final String PREFIX = "CARDEA_";

    Settings {
        values = Map.copyOf(values);
    }

    static Settings load(Path home, Map<String, String> environment) {
        Path file = file(home);
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting each : Setting.values()) {
            Optional<String> preset = each.preset();
            if (preset.isPresent()) {
                values.put(each, each.checked(preset.get(), home));
            }
        }
        for (Map.Entry<String, String> entry : read(file).entrySet()) {
            put(values, entry.getKey(), entry.getValue(), file.toString(), home);
        }
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            String key = entry.getKey();
            if (key.startsWith(PREFIX) && !key.equals(JAVA_OPTS)) {
                put(values, key, entry.getValue(), "the environment", home);
            }
        }
        return new Settings(home, values);
    }

    /** Where a runtime that was started before keeps its data: no mistake that was made since may hide it. */
    static Path data(Path home, Map<String, String> environment) {
        Properties written = new Properties();
        try (Reader reader = new InputStreamReader(Files.newInputStream(file(home)), UTF_8)) {
            written.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            // What stands before the mistake has been read.
        }
        String key = Setting.CARDEA_DATA.name();
        String value = environment.getOrDefault(key, "").strip();
        if (value.isEmpty()) {
            value = written.getProperty(key, "").strip();
        }
        if (value.isEmpty()) {
            value = Setting.CARDEA_DATA.preset().orElseThrow();
        }
        return Path.of(Setting.CARDEA_DATA.checked(value, home));
    }

    private static Path file(Path home) {
        return home.resolve("conf").resolve("cardea.properties");
    }

    private static void put(Map<Setting, String> values, String key, String value, String source, Path home) {
        Optional<Setting> setting = Setting.named(key);
        if (setting.isEmpty()) {
            throw new Refusal(
                    "Unknown setting " + key + " in " + source + "; known are " + Arrays.toString(Setting.values()));
        }
        String text = value.strip();
        if (text.isEmpty()) {
            return;
        }
        try {
            values.put(setting.get(), setting.get().checked(text, home));
        } catch (IllegalArgumentException e) {
            throw new Refusal(key + "=" + text + " in " + source + ": the value " + e.getMessage(), e);
        }
    }

    private static Map<String, String> read(Path file) {
        Map<String, String> entries = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(file)) {
            new Properties() {
                private static final long serialVersionUID = 1L;

                @Override
                public synchronized Object put(Object key, Object value) {
                    if (entries.put((String) key, (String) value) != null) {
                        throw new Refusal("Setting " + key + " stands twice in " + file);
                    }
                    return value;
                }
            }.load(reader);
        } catch (NoSuchFileException e) {
            throw new Refusal("Cannot read " + file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new Refusal("Cannot read " + file + ": it is not UTF-8", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal("Cannot read " + file + ": " + Refusal.reason(e), e);
        }
        return entries;
    }

    String value(Setting setting) {
        return Optional.ofNullable(values.get(setting)).orElse("");
    }

    Path data() {
        return Path.of(value(Setting.CARDEA_DATA));
    }

    Path deploy() {
        return Path.of(value(Setting.CARDEA_DEPLOY));
    }

    Path secrets() {
        return home.resolve("conf").resolve("secrets");
    }

    String host() {
        return value(Setting.CARDEA_HTTP_HOST);
    }

    int port() {
        return Integer.parseInt(value(Setting.CARDEA_HTTP_PORT));
    }

    /** Whether something stands before {@code /login}. */
    boolean isLoginProtected() {
        return !value(Setting.CARDEA_LOGIN_PROTECTION).equals("none");
    }

    /** Where browsers find Cardea, without a slash at the end; {@code port} is the one that it listens on. */
    String publicUrl(int port) {
        String url = value(Setting.CARDEA_PUBLIC_URL);
        return url.isEmpty() ? "http://localhost:" + port : url;
    }
}
