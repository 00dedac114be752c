package io.cardea.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cardea.http.Failure.Refused;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A small JSON object of texts, read strictly: what is not understood is refused and not passed over. */
final class JsonBody {

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /**
     * The object's members.
     *
     * @param known the names that it may have
     * @throws Refused with 400
     */
    static Map<String, String> parse(byte[] bytes, Set<String> known) {
        JsonNode json;
        try {
            json = STRICT.readTree(bytes);
        } catch (IOException e) {
            throw new Refused(400, "invalid_request", "The body is no JSON, is nested too deep or repeats a name");
        }
        if (!json.isObject()) {
            throw new Refused(400, "invalid_request", "The body must be a JSON object");
        }
        Map<String, String> members = new TreeMap<>();
        json.properties().forEach(member -> {
            if (!known.contains(member.getKey())) {
                throw new Refused(400, "invalid_request", "Known members are " + String.join(", ", known));
            }
            if (!member.getValue().isTextual() || member.getValue().asText().isEmpty()) {
                throw new Refused(400, "invalid_request", member.getKey() + " must be a text that is not empty");
            }
            members.put(member.getKey(), member.getValue().asText());
        });
        return members;
    }
}
