package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.http.Failure.Refused;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormParametersTest {

    @Test
    void each_parameter_has_all_its_values() {
        assertThat(FormParameters.parse("a=1&b=2&a=3&a="))
                .isEqualTo(Map.of("a", List.of("1", "3", ""), "b", List.of("2")));
    }

    @Test
    void names_and_values_are_decoded_as_a_browser_encodes_them() {
        assertThat(FormParameters.parse("caf%C3%A9=a+b%20c%2Bd%26e%3Df&x=y=z"))
                .isEqualTo(Map.of("caf\u00e9", List.of("a b c+d&e=f"), "x", List.of("y=z")));
    }

    @Test
    void what_says_nothing_is_no_parameter() {
        assertThat(FormParameters.parse("")).isEmpty();
        assertThat(FormParameters.parse("&&")).isEmpty();
        assertThat(FormParameters.parse("flag")).isEqualTo(Map.of("flag", List.of("")));
        assertThat(FormParameters.ofQuery(new Exchange().request())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "%zz=1", "a=%-1"})
    void what_is_not_encoded_is_refused_and_not_repeated(String form) {
        assertThatThrownBy(() -> FormParameters.parse("code=secret&" + form))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.failure().status()).isEqualTo(400))
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void the_query_counts_and_the_body_does_not() {
        Exchange exchange = new Exchange()
                .parameter("a", "1")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("a=2&b=3");

        assertThat(FormParameters.ofQuery(exchange.request())).isEqualTo(Map.of("a", List.of("1")));
    }
}
