package io.cardea.core.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON file in which another program keeps its login. What is wrong with it is told by the names of file and member;
 * no message holds anything that is in it, for it may be a token.
 */
final class LoginFile {

    private static final int MAX_BYTES = 1024 * 1024;

    private static final class Mapper {
        static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(20)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private final Path path;
    private final JsonNode json;

    private LoginFile(Path path, JsonNode json) {
        this.path = path;
        this.json = json;
    }

    /** Reads a file, through symbolic links if there are some: people keep such files in repositories of their own. */
    static LoginFile read(Path path) {
        // Others, such as a pipe, might never end.
        if (!Files.isRegularFile(path)) {
            throw refused(path + " is no file");
        }
        byte[] content;
        try (InputStream in = Files.newInputStream(path)) {
            content = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw refused(path + " cannot be read");
        }
        if (content.length > MAX_BYTES) {
            throw refused(path + " is larger than a file with a login can be");
        }
        JsonNode json;
        try {
            json = Mapper.JSON.readTree(content);
        } catch (JsonProcessingException e) {
            throw refused(path + " is no well-formed JSON");
        } catch (IOException e) {
            throw refused(path + " cannot be read");
        }
        if (json == null || !json.isObject()) {
            throw refused(path + " holds no JSON object");
        }
        return new LoginFile(path, json);
    }

    Path path() {
        return path;
    }

    /** The names of the members of the whole, in their order. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A token that must be there. The path's steps are members of objects. */
    String token(String... member) {
        return optionalToken(member).orElseThrow(() -> refused(path + " has no " + String.join(".", member)));
    }

    /** A token; absent when missing, null or empty. */
    Optional<String> optionalToken(String... member) {
        Optional<String> token = text(member);
        // RFC 6750, section 2.1: anything else would not get through a header.
        if (token.isPresent() && !token.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw refused(path + ": " + String.join(".", member) + " is no token");
        }
        return token;
    }

    /** A text; absent when missing, null or empty. */
    Optional<String> text(String... member) {
        JsonNode value = at(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw refused(path + ": " + String.join(".", member) + " is no text");
        }
        return Optional.of(value.asText()).filter(text -> !text.isEmpty());
    }

    /** A whole number; absent when missing or null. */
    OptionalLong number(String... member) {
        JsonNode value = at(member);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw refused(path + ": " + String.join(".", member) + " is no whole number");
        }
        return OptionalLong.of(value.longValue());
    }

    /** A list of texts; empty when missing or null. */
    List<String> texts(String... member) {
        JsonNode value = at(member);
        List<String> texts = new ArrayList<>();
        for (JsonNode text : value) {
            if (!value.isArray() || !text.isTextual()) {
                throw refused(path + ": " + String.join(".", member) + " is no list of texts");
            }
            texts.add(text.asText());
        }
        return texts;
    }

    private JsonNode at(String... member) {
        JsonNode value = json;
        for (String step : member) {
            value = value.path(step);
        }
        return value;
    }

    static OAuthException refused(String why) {
        return new OAuthException(OAuthError.INVALID_REQUEST, Optional.empty(), why);
    }

    /** Without anything that is in it. */
    @Override
    public String toString() {
        return "LoginFile[" + path + "]";
    }
}
