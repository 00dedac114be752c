package io.cardea.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenSecretsTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final WrittenSecrets plugin = new WrittenSecrets();

    private void configured(String pid, Map<String, String> settings) {
        Hashtable<String, Object> properties = new Hashtable<>(settings);
        properties.put("service.pid", pid);
        properties.put(":cardea:file", pid + ".cfg");
        Hashtable<String, Object> before = new Hashtable<>(properties);
        plugin.modifyConfiguration(null, properties);
        assertThat(properties).as("nothing is changed").isEqualTo(before);
    }

    private long warnings() {
        return log.text().lines().filter(line -> line.contains("WARN")).count();
    }

    @Test
    void a_secret_that_is_written_out_is_warned_of_once_with_the_remedy_and_not_repeated() {
        for (int i = 0; i < 3; i++) {
            configured("io.cardea.provider~acme", Map.of("client_secret", "hunter2"));
        }

        assertThat(warnings()).isEqualTo(1);
        assertThat(log.text())
                .contains("client_secret is written out in io.cardea.provider~acme.cfg")
                .contains("client_secret = $[secret:<name>]")
                .doesNotContain("hunter2");
    }

    @Test
    void each_secret_of_each_provider_is_warned_of() {
        configured("io.cardea.provider~acme", Map.of("client_secret", "hunter2", "private_key", "hunter2"));
        configured("io.cardea.provider.github", Map.of("client_secret", "hunter2"));

        assertThat(warnings()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$[secret:acme]", "$[env:ACME]"})
    void a_reference_is_as_it_should_be(String reference) {
        configured("io.cardea.provider~acme", Map.of("client_secret", reference, "client_id", "acme"));

        assertThat(warnings()).isZero();
    }

    @Test
    void a_secret_that_is_written_out_again_is_warned_of_again() {
        configured("io.cardea.provider~acme", Map.of("client_secret", "hunter2"));
        configured("io.cardea.provider~acme", Map.of("client_secret", "$[secret:acme]"));
        configured("io.cardea.provider~acme", Map.of("client_secret", "hunter2"));

        assertThat(warnings()).isEqualTo(2);
    }

    @Test
    void other_configurations_are_nobodys_business() {
        configured("org.example", Map.of("client_secret", "hunter2"));

        assertThat(warnings()).isZero();
    }
}
