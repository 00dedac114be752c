package io.cardea.provider.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void nothing_need_be_configured() {
        assertThat(Settings.of(Map.of("component.name", "x", "service.pid", "y")))
                .isEqualTo(new Settings(Duration.ofSeconds(300), Duration.ofSeconds(5)));
    }

    @Test
    void lifetime_and_interval_are_seconds() {
        assertThat(Settings.of(Map.of("access_token_lifetime", "20", "interval", 1)))
                .isEqualTo(new Settings(Duration.ofSeconds(20), Duration.ofSeconds(1)));
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
    void an_unknown_key_or_a_bad_value_is_refused_and_named(String key, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of(key, value)))
                .withMessageContaining(key);
    }
}
