package io.cardea.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.ProviderDefinition;
import java.util.Collections;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsPluginTest {

    private static Hashtable<String, Object> configured(String pid) {
        Hashtable<String, Object> properties = new Hashtable<>(
                Map.of("service.pid", pid, "client_id", "id", "client_secret", "secret", "private_key", "key"));
        new SecretsPlugin().modifyConfiguration(null, properties);
        return properties;
    }

    @Test
    void a_providers_secrets_get_keys_that_no_service_publishes() {
        for (String pid : new String[] {"io.cardea.provider.github", "io.cardea.provider~acme"}) {
            assertThat(configured(pid))
                    .containsEntry(".client_secret", "secret")
                    .containsEntry(".private_key", "key")
                    .containsEntry("client_id", "id")
                    .doesNotContainKeys("client_secret", "private_key");
        }
    }

    @Test
    void other_configurations_are_left_alone() {
        assertThat(configured("org.example")).containsEntry("client_secret", "secret");
    }

    @Test
    void a_provider_finds_its_secret_under_the_private_key() {
        Map<String, Object> properties = new Hashtable<>(Map.of(".client_secret", "secret", ".other", "ignored"));

        assertThat(ProviderDefinition.named("acme")
                        .tokenEndpoint("https://acme.example/token")
                        .configure(Collections.unmodifiableMap(properties))
                        .build()
                        .clientSecret())
                .hasValue("secret");
    }
}
