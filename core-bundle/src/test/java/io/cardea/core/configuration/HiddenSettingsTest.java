package io.cardea.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cardea.oauth.provider.ProviderDefinition;
import java.util.Collections;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HiddenSettingsTest {

    private static Hashtable<String, Object> configured(String pid) {
        Hashtable<String, Object> properties = new Hashtable<>(
                Map.of("service.pid", pid, "client_id", "id", "client_secret", "secret", "private_key", "key"));
        new HiddenSettings().modifyConfiguration(null, properties);
        return properties;
    }

    @Test
    void what_a_provider_is_configured_with_gets_keys_that_no_service_publishes() {
        for (String pid : new String[] {"io.cardea.provider.github", "io.cardea.provider~acme"}) {
            assertThat(configured(pid))
                    .containsOnly(
                            entry("service.pid", pid),
                            entry(".client_secret", "secret"),
                            entry(".private_key", "key"),
                            entry(".client_id", "id"));
        }
    }

    @Test
    void other_configurations_are_left_alone() {
        assertThat(configured("org.example")).containsEntry("client_secret", "secret");
    }

    @Test
    void a_provider_finds_its_secret_under_the_private_key() {
        Map<String, Object> properties = new Hashtable<>(Map.of(".client_secret", "secret", ".client_id", "id"));

        assertThat(ProviderDefinition.named("acme")
                        .tokenEndpoint("https://acme.example/token")
                        .configure(Collections.unmodifiableMap(properties))
                        .build()
                        .clientSecret())
                .hasValue("secret");
    }
}
