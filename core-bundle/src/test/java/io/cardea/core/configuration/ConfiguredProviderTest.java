package io.cardea.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ProviderInfo;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider without code. */
class ConfiguredProviderTest {

    private static ProviderInfo info(Map<String, Object> settings) {
        Hashtable<String, Object> configuration = new Hashtable<>(settings);
        configuration.putIfAbsent("service.pid", "io.cardea.provider~acme");
        // As it comes, once the other plugin has been at work.
        new HiddenSettings().modifyConfiguration(null, configuration);
        return new ConfiguredProvider(configuration).info();
    }

    @Test
    void its_name_is_that_of_its_configuration_and_its_word_the_rest() {
        ProviderInfo info = info(Map.of(
                "issuer", "https://as.example",
                "client_id", "c",
                "client_secret", "hunter2",
                "scope", "openid email",
                ":cardea:file", "io.cardea.provider~acme.cfg",
                "service.factoryPid", "io.cardea.provider"));

        assertThat(info.name()).isEqualTo("acme");
        assertThat(info.unavailable()).isEmpty();
        assertThat(info.scopes()).containsExactly("openid", "email");
        assertThat(info.flows()).containsExactly(Flow.AUTHORIZATION_CODE);
    }

    @Test
    void a_secret_that_cannot_be_found_is_named_by_its_reference() {
        assertThat(info(Map.of("issuer", "https://as.example", "client_id", "c", "client_secret", "$[secret:acme]"))
                        .unavailable())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("deploy/io.cardea.provider.acme.cfg says client_secret = $[secret:acme]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"clientid", "client_secret_", "token_header", "variable."})
    void a_key_that_nobody_knows_is_named_and_no_secret_with_it(String key) {
        assertThat(info(Map.of("issuer", "https://as.example", "client_secret", "hunter2", key, "hunter2"))
                        .unavailable())
                .hasValueSatisfying(why ->
                        assertThat(why).contains("unknown key " + key + ";").doesNotContain("hunter2"));
    }

    @Test
    void an_empty_configuration_is_listed_and_says_what_it_lacks() {
        assertThat(info(Map.of()).unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("token_endpoint is missing"));
    }

    @Test
    void the_frameworks_own_keys_are_no_settings_even_as_private_ones() {
        assertThat(info(Map.of("issuer", "https://as.example", "client_id", "c", ":configurator:feature:", "x"))
                        .unavailable())
                .isEmpty();
    }
}
