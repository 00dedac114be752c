package io.cardea.provider.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void nothing_need_be_configured() {
        assertThat(Settings.of(Map.of("component.name", "x", "service.pid", "y")))
                .isEqualTo(new Settings(Duration.ofSeconds(300), Duration.ofSeconds(5), List.of(), Optional.empty()));
    }

    @Test
    void keys_are_known_behind_the_dot_that_hides_them_too() {
        assertThat(Settings.of(Map.of(
                                ".access_token_lifetime",
                                "20",
                                ".interval",
                                "1",
                                "service.pid",
                                "p",
                                ":cardea:file",
                                "f.cfg"))
                        .accessTokenLifetime())
                .hasSeconds(20);
        assertThat(Settings.of(Map.of(".lifetime", "20")).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("unknown key lifetime"));
    }

    @Test
    void another_client_has_a_secret_and_a_redirect_uri() {
        Settings settings = Settings.of(Map.of(".client.acme", "a-secret http://localhost:8180/oauth/acme/callback"));

        assertThat(settings.problem()).isEmpty();
        assertThat(settings.clients()).hasSize(1).first().satisfies(client -> {
            assertThat(client.id()).isEqualTo("acme");
            assertThat(client.redirectUri()).isEqualTo("http://localhost:8180/oauth/acme/callback");
        });
    }

    @ParameterizedTest
    @CsvSource({"client.acme, a-secret", "clients.acme, a b", "client.cardea, a b", "client., a b", "client.acme, a b c"
    })
    void anything_else_is_no_client(String key, String value) {
        assertThat(Settings.of(Map.of(key, value)).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains(key));
    }

    @Test
    void lifetime_and_interval_are_seconds() {
        assertThat(Settings.of(Map.of("access_token_lifetime", "20", "interval", 1)))
                .isEqualTo(new Settings(Duration.ofSeconds(20), Duration.ofSeconds(1), List.of(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "access_token_lifetime, 0",
        "access_token_lifetime, -1",
        "access_token_lifetime, soon",
        "access_token_lifetime, 86401",
        "interval, ''",
        "lifetime, 5"
    })
    void an_unknown_key_or_a_bad_value_makes_the_provider_unavailable_with_a_reason_that_names_it(
            String key, String value) {
        Settings settings = Settings.of(Map.of(key, value));
        assertThat(settings.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains(key));

        Playground playground =
                new Playground(new Addresses("http://localhost:1", "http://localhost:1"), settings, new TestClock());
        assertThat(new PlaygroundProvider(playground).info().unavailable()).isEqualTo(settings.problem());
    }
}
