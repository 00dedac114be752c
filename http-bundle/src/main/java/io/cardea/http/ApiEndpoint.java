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
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The door that programs come through: an API key first, then a small JSON object of texts. A stranger learns nothing,
 * not even which providers are here.
 */
final class ApiEndpoint implements Endpoint {

    private static final int LARGEST_BODY = 64 * 1024;
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
    private final String name;
    private final Set<String> members;
    private final Action action;

    /**
     * An endpoint.
     *
     * @param name what the action is called where keys are limited
     * @param members the names that the JSON object may have
     */
    ApiEndpoint(ApiKeys keys, String name, Set<String> members, Action action) {
        this.keys = keys;
        this.name = name;
        this.members = members;
        this.action = action;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) throws IOException {
        requireKey(provider, request);
        return action.run(provider, read(request));
    }

    private void requireKey(String provider, HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        // RFC 6750, section 2.1; the scheme's case does not matter (RFC 9110, section 11.1).
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw new Refused(
                    401, "invalid_token", "Show an API key: Authorization: Bearer <the content of data/keys/api-key>");
        }
        if (!keys.accepts(authorization.substring(7).trim(), provider, name)) {
            throw new Refused(401, "invalid_token", "This API key is not valid here");
        }
    }

    private Map<String, String> read(HttpServletRequest request) throws IOException {
        String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
        if (!type.equals("application/json") && !type.startsWith("application/json;")) {
            throw new Refused(415, "invalid_request", "The body must be application/json");
        }
        byte[] body;
        try (InputStream in = request.getInputStream()) {
            body = in.readNBytes(LARGEST_BODY + 1);
        }
        if (body.length > LARGEST_BODY) {
            throw new Refused(413, "invalid_request", "The body is larger than " + LARGEST_BODY + " bytes");
        }
        JsonNode json;
        try {
            json = STRICT.readTree(body);
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
