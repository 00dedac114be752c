package io.cardea.core.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cardea.core.file.PrivateFile;
import io.cardea.oauth.ConnectionKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The named keys at rest, in {@code data/keys/api-keys}: hashes, from which nobody makes a key, and limits. A file in
 * which anything is not as Cardea writes it counts as damaged as a whole: a key whose limits cannot be read must not be
 * taken for one without limits.
 */
final class ApiKeyFile {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> MEMBERS = Set.of("name", "sha256", "providers", "actions", "created_at");

    /** Not made before there is a named key, for it takes its time at the start. */
    private static final class Mapper {
        static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private final PrivateFile file;

    ApiKeyFile(Path data) {
        this.file = new PrivateFile(data, "keys", "api-keys");
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    Path path() {
        return file.path();
    }

    /**
     * All keys, in no order; none where there is no file.
     *
     * @throws IOException when the file is damaged, cannot be read, or others can read or write it
     */
    List<NamedKey> read() throws IOException {
        if (!file.exists()) {
            return List.of();
        }
        byte[] content = file.read();
        JsonNode json;
        try {
            json = Mapper.JSON.readTree(content);
        } catch (JsonProcessingException e) {
            // Not as its cause: who wrote a key into it by mistake would find it in the log.
            throw new IOException(
                    "it is damaged: no well-formed JSON at " + e.getLocation().getByteOffset());
        }
        if (json == null
                || !json.isObject()
                || json.size() != 1
                || !json.path("keys").isArray()) {
            throw new IOException("it is damaged: no object with the keys");
        }
        List<NamedKey> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode entry : json.get("keys")) {
            NamedKey key = key(entry);
            if (!seen.add(key.key().name()) || !seen.add(key.sha256())) {
                throw new IOException(
                        "it is damaged: two keys are called " + key.key().name() + " or are the same");
            }
            keys.add(key);
        }
        return keys;
    }

    private static NamedKey key(JsonNode json) throws IOException {
        Set<String> members = new HashSet<>();
        json.fieldNames().forEachRemaining(members::add);
        require(members.equals(MEMBERS), "a key has not the members " + new TreeSet<>(MEMBERS));
        String name = json.get("name").textValue();
        require(name != null && isName(name), "a key has a name that cannot be");
        String sha256 = json.get("sha256").textValue();
        require(sha256 != null && SHA_256.matcher(sha256).matches(), "sha256 of the key " + name);
        JsonNode createdAt = json.get("created_at");
        require(createdAt.isIntegralNumber() && createdAt.canConvertToLong(), "created_at of the key " + name);
        return new NamedKey(
                new ApiKey(
                        name,
                        texts(json, "providers", ConnectionKey::isProviderName, name),
                        texts(json, "actions", ApiKey.ACTIONS::contains, name),
                        Instant.ofEpochMilli(createdAt.longValue())),
                sha256);
    }

    private static Set<String> texts(JsonNode json, String member, Predicate<String> known, String name)
            throws IOException {
        JsonNode array = json.get(member);
        require(array.isArray(), member + " of the key " + name);
        Set<String> texts = new HashSet<>();
        for (JsonNode text : array) {
            require(text.isTextual() && known.test(text.asText()), member + " of the key " + name);
            texts.add(text.asText());
        }
        return texts;
    }

    private static void require(boolean is, String what) throws IOException {
        if (!is) {
            throw new IOException("it is damaged: " + what);
        }
    }

    /** Writes all keys in place of those that were there, durably. */
    void write(Collection<NamedKey> keys) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (NamedKey named : keys) {
            ObjectNode entry = json.withArray("keys").addObject();
            entry.put("name", named.key().name());
            entry.put("sha256", named.sha256());
            new TreeSet<>(named.key().providers()).forEach(entry.putArray("providers")::add);
            new TreeSet<>(named.key().actions()).forEach(entry.putArray("actions")::add);
            entry.put("created_at", named.key().createdAt().toEpochMilli());
        }
        json.withArray("keys");
        file.write(Mapper.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
