package io.cardea.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionKeyTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "github", "claude-api", "a-", "0123456789"})
    void a_providers_name_may_be(String name) {
        assertThat(new ConnectionKey(name, "default")).hasToString(name + "/default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a_b", "a.b", "a/b", "..", "a b", "a\n", "\u00e9", "<script>"})
    void a_providers_name_may_not_be_and_is_not_repeated(String name) {
        assertThat(ConnectionKey.isProviderName(name)).isFalse();
        assertThatThrownBy(() -> new ConnectionKey(name, "default"))
                .isInstanceOfSatisfying(OAuthException.class, refused -> {
                    assertThat(refused.error()).isEqualTo(OAuthError.INVALID_REQUEST);
                    assertThat(refused.provider()).isEmpty();
                })
                .hasMessageNotContaining("script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "A", "ada@example.org", "a.b_c-d", "..", "0"})
    void a_connections_name_may_be(String name) {
        assertThat(new ConnectionKey("acme", name).connection()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "a\nb", "a\n", "\u00e9", "a:b", "<script>", "a%2Fb"})
    void a_connections_name_may_not_be(String name) {
        assertThatThrownBy(() -> new ConnectionKey("acme", name))
                .isInstanceOf(OAuthException.class)
                .hasMessageNotContaining("script");
    }

    @Test
    void names_have_a_greatest_length() {
        assertThat(new ConnectionKey("a".repeat(63), "b".repeat(128)).connection())
                .hasSize(128);
        assertThatThrownBy(() -> new ConnectionKey("a".repeat(64), "b")).isInstanceOf(OAuthException.class);
        assertThatThrownBy(() -> new ConnectionKey("a", "b".repeat(129))).isInstanceOf(OAuthException.class);
    }

    @Test
    void errors_have_the_codes_of_the_contract() {
        assertThat(OAuthError.values())
                .extracting(OAuthError::code)
                .contains("unknown_provider", "provider_unavailable", "not_connected", "reauthorization_required");
    }
}
