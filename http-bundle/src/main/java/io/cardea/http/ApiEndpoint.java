package io.cardea.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cardea.http.Failure.Refused;
import io.cardea.http.OAuthServlet.Endpoint;
import io.cardea.http.OAuthServlet.Written;
import io.cardea.oauth.ApiKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The door that programs come through: an API key first, then a small JSON object of texts. A stranger learns nothing,
 * not even which providers are here.
 */
final class ApiEndpoint implements Endpoint {

    private static final String CHALLENGE = "Bearer realm=\"cardea\""; // RFC 6750, section 3
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What is done with an accepted request. */
    interface Action {
        CompletableFuture<Written> run(String provider, Map<String, String> members);
    }

    private final ApiKeys keys;
    private final RequestBody body;
    private final String name;
    private final Set<String> members;
    private final Action action;

    /**
     * An endpoint.
     *
     * @param name what the action is called where keys are limited
     * @param members the names that the JSON object may have
     */
    ApiEndpoint(ApiKeys keys, RequestBody body, String name, Set<String> members, Action action) {
        this.keys = keys;
        this.body = body;
        this.name = name;
        this.members = members;
        this.action = action;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        requireKey(provider, request);
        if (!RequestBody.isOfType(request, "application/json")) {
            throw new Refused(415, "invalid_request", "The body must be application/json");
        }
        return body.read(request).thenCompose(bytes -> action.run(provider, parse(bytes)));
    }

    private void requireKey(String provider, HttpServletRequest request) {
        String key = ShownKey.bearer(request)
                .orElseThrow(() -> Refused.unauthorized(
                        CHALLENGE, "Show an API key: Authorization: Bearer <the content of data/keys/api-key>"));
        if (!keys.accepts(key, provider, name)) {
            throw Refused.unauthorized(CHALLENGE, "This API key is not valid here");
        }
    }

    private Map<String, String> parse(byte[] bytes) {
        JsonNode json;
        try {
            json = STRICT.readTree(bytes);
        } catch (IOException e) {
            throw new Refused(400, "invalid_request", "The body is no JSON, is nested too deep or repeats a name");
        }
        if (!json.isObject()) {
            throw new Refused(400, "invalid_request", "The body must be a JSON object");
        }
        Map<String, String> read = new TreeMap<>();
        json.properties().forEach(member -> {
            if (!members.contains(member.getKey())) {
                throw new Refused(400, "invalid_request", "Known members are " + String.join(", ", members));
            }
            if (!member.getValue().isTextual() || member.getValue().asText().isEmpty()) {
                throw new Refused(400, "invalid_request", member.getKey() + " must be a text that is not empty");
            }
            read.put(member.getKey(), member.getValue().asText());
        });
        return read;
    }
}
