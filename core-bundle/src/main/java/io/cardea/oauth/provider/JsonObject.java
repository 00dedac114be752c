package io.cardea.oauth.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON object that an authorization server answered. Members are named by JSON pointer (RFC 6901); a name without a
 * leading slash is a member of the object itself.
 */
public final class JsonObject {

    // An answer from outside: depth and repeated names are refused before anything looks at a value.
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode node;

    private JsonObject(JsonNode node) {
        this.node = node;
    }

    /**
     * Reads an object.
     *
     * @throws ProviderException with {@link ProviderException#PROVIDER_ERROR} when it is not one JSON object, has a
     *     repeated name or is nested more than 20 deep
     */
    public static JsonObject parse(byte[] json) {
        if (json.length == 0) {
            throw new UnusableAnswer("the answer is empty");
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (IOException e) {
            // Not the cause: its message quotes the input, which may be a token.
            throw new UnusableAnswer("the answer is not well-formed JSON");
        }
        if (node == null || !node.isObject()) {
            throw new UnusableAnswer("the answer is not a JSON object");
        }
        return new JsonObject(node);
    }

    /** This object with a member under another name; the same where there is no such member. */
    public JsonObject renamed(String name, String other) {
        ObjectNode renamed = MAPPER.createObjectNode().setAll((ObjectNode) node);
        JsonNode member = renamed.remove(name);
        return member == null ? this : new JsonObject(renamed.set(other, member));
    }

    /** A flat object of texts, as JSON. */
    public static String write(Map<String, String> members) {
        ObjectNode object = MAPPER.createObjectNode();
        members.forEach(object::put);
        return object.toString();
    }

    /** A member's text; numbers and booleans as they are written. Absent when missing, null, empty, array or object. */
    public Optional<String> text(String name) {
        JsonNode value = at(name);
        return value.isValueNode() && !value.isNull() && !value.asText().isEmpty()
                ? Optional.of(value.asText())
                : Optional.empty();
    }

    /** A member's whole number, also when it is written as a string. Absent when it is none. */
    public OptionalLong number(String name) {
        JsonNode value = at(name);
        if (value.isNumber() && value.canConvertToLong()) {
            return OptionalLong.of(value.asLong());
        }
        if (value.isTextual()) {
            try {
                return OptionalLong.of(Long.parseLong(value.asText().trim()));
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    private JsonNode at(String name) {
        return name.startsWith("/") ? node.at(name) : node.path(name);
    }

    /** Without any value, for one may be a token. */
    @Override
    public String toString() {
        return "JsonObject[" + node.size() + " members]";
    }
}
