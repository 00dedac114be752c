package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ProviderInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvidersEndpointTest {

    private final ListedProviders providers = new ListedProviders();
    private final ProvidersEndpoint endpoint = new ProvidersEndpoint(providers);

    private static RegisteredProvider provider(String name, Optional<String> unavailable) {
        return new RegisteredProvider(
                new ProviderInfo(
                        name,
                        "The \"" + name + "\"",
                        "Caf\u00e9",
                        Optional.of("the-client-id"),
                        List.of("email", "repo"),
                        Set.of(Flow.DEVICE_CODE, Flow.AUTHORIZATION_CODE),
                        true,
                        true,
                        false,
                        unavailable),
                "io.example." + name,
                "1.2.3");
    }

    private JsonNode get() throws Exception {
        Exchange exchange = new Exchange();
        endpoint.answer("", exchange.request()).get().to(exchange.response());
        assertThat(exchange.status()).isEqualTo(200);
        return exchange.json();
    }

    @Test
    void without_providers_the_object_is_empty() throws Exception {
        assertThat(get()).isEmpty();
    }

    @Test
    void each_provider_is_told_as_the_contract_says() throws Exception {
        providers.here = List.of(provider("acme", Optional.empty()));

        assertThat(get()).isEqualTo(new ObjectMapper().readTree("""
                        {"acme": {
                          "name": "acme", "display_name": "The \\"acme\\"", "description": "Caf\u00e9",
                          "supports_pkce": true, "supports_refresh": true, "supports_revocation": false,
                          "scopes": ["email", "repo"], "flows": ["authorization_code", "device_code"],
                          "is_available": true, "plugin_name": "io.example.acme", "plugin_version": "1.2.3"}}
                        """));
    }

    @Test
    void one_that_lacks_something_says_what() throws Exception {
        providers.here = List.of(provider("acme", Optional.of("Set client_id.")));

        assertThat(get().path("acme").path("is_available").asBoolean(true)).isFalse();
        assertThat(get().path("acme").path("unavailable_reason").asText()).isEqualTo("Set client_id.");
    }

    @Test
    void who_comes_and_goes_is_seen_at_once() throws Exception {
        providers.here = List.of(provider("acme", Optional.empty()));
        assertThat(get().size()).isEqualTo(1);
        providers.here = List.of(provider("acme", Optional.empty()), provider("other", Optional.empty()));
        assertThat(get().size()).isEqualTo(2);
        providers.here = List.of();
        assertThat(get()).isEmpty();
    }
}
