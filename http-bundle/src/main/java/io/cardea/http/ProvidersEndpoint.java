package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.ProviderInfo;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code GET /oauth/providers}: who can be logged in to. Written anew only when somebody came, went or changed. */
final class ProvidersEndpoint implements Endpoint {

    private final Providers providers;
    private volatile Listing listing = new Listing(List.of(), "{}".getBytes(UTF_8));

    private static final class Listing {

        private final List<RegisteredProvider> of;
        private final byte[] json;

        Listing(List<RegisteredProvider> of, byte[] json) {
            this.of = of;
            this.json = json;
        }
    }

    ProvidersEndpoint(Providers providers) {
        this.providers = providers;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        List<RegisteredProvider> now = providers.list();
        Listing known = listing;
        if (known.of != now) {
            known = new Listing(now, json(now));
            listing = known;
        }
        byte[] json = known.json;
        return CompletableFuture.completedFuture(response -> Answer.json(response, 200, json));
    }

    private static byte[] json(List<RegisteredProvider> providers) {
        return JsonText.of(json -> {
            json.writeStartObject();
            for (RegisteredProvider registered : providers) {
                json.writeFieldName(registered.info().name());
                write(json, registered);
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, RegisteredProvider registered) throws IOException {
        ProviderInfo info = registered.info();
        json.writeStartObject();
        json.writeStringField("name", info.name());
        json.writeStringField("display_name", info.displayName());
        json.writeStringField("description", info.description());
        json.writeBooleanField("supports_pkce", info.supportsPkce());
        json.writeBooleanField("supports_refresh", info.supportsRefresh());
        json.writeBooleanField("supports_revocation", info.supportsRevocation());
        array(json, "scopes", info.scopes());
        array(
                json,
                "flows",
                info.flows().stream().map(flow -> flow.wireName()).sorted().toList());
        json.writeBooleanField("is_available", info.unavailable().isEmpty());
        JsonText.text(json, "unavailable_reason", info.unavailable());
        json.writeStringField("plugin_name", registered.pluginName());
        json.writeStringField("plugin_version", registered.pluginVersion());
        json.writeEndObject();
    }

    private static void array(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
