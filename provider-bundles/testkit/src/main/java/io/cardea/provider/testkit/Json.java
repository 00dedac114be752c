package io.cardea.provider.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON as the server reads and writes it. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This cannot be written as JSON", e);
        }
    }

    /** The members of an object, as texts. */
    static Map<String, String> members(String json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new Refusal("invalid_request", "The body is no well-formed JSON.");
        }
        if (!node.isObject()) {
            throw new Refusal("invalid_request", "The body is no JSON object.");
        }
        Map<String, String> members = new LinkedHashMap<>();
        node.properties()
                .forEach(member -> members.put(
                        member.getKey(),
                        member.getValue().isValueNode()
                                ? member.getValue().asText()
                                : member.getValue().toString()));
        return members;
    }
}
