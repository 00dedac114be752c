package io.cardea.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cardea.oauth.AccessToken;
import java.io.IOException;
import java.time.Instant;

/** An access token as programs get it (RFC 6749, section 5.1), with its end as a moment besides. */
final class TokenJson {

    private TokenJson() {}

    /** {@code expires_in} in seconds, {@code expires_at} in epoch milliseconds. */
    static byte[] of(AccessToken token) {
        return JsonText.of(json -> write(json, token));
    }

    private static void write(JsonGenerator json, AccessToken token) throws IOException {
        json.writeStartObject();
        json.writeStringField("access_token", token.value());
        json.writeStringField("token_type", token.tokenType());
        if (token.expiresAt().isPresent()) {
            long end = token.expiresAt().get().toEpochMilli();
            json.writeNumberField("expires_in", Math.max(0, (end - Instant.now().toEpochMilli()) / 1000));
            json.writeNumberField("expires_at", end);
        }
        json.writeStringField("scope", String.join(" ", token.scopes()));
        json.writeStringField("provider", token.key().provider());
        json.writeStringField("connection", token.key().connection());
        JsonText.text(json, "refresh_token", token.refreshToken());
        json.writeEndObject();
    }
}
