package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicUrlTest {

    private static PublicUrl local() {
        return new PublicUrl(Optional.empty(), 8180);
    }

    private static PublicUrl configured(String url) {
        return new PublicUrl(Optional.of(url), 8180);
    }

    @Test
    void without_a_configuration_it_is_localhost_with_the_port_that_http_listens_on() {
        assertThat(local().redirectUri("acme")).isEqualTo("http://localhost:8180/oauth/acme/callback");
        assertThat(configured(" ").redirectUri("acme")).isEqualTo("http://localhost:8180/oauth/acme/callback");
        assertThat(local().path()).isEmpty();
        assertThat(local().isSecure()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://auth.example.org, https://auth.example.org/oauth/acme/callback",
        "https://auth.example.org/, https://auth.example.org/oauth/acme/callback",
        "https://auth.example.org:8443/cardea, https://auth.example.org:8443/cardea/oauth/acme/callback",
        "https://auth.example.org/a/b/, https://auth.example.org/a/b/oauth/acme/callback"
    })
    void the_redirect_uri_is_made_of_what_is_configured_alone(String url, String redirectUri) {
        assertThat(configured(url).redirectUri("acme")).isEqualTo(redirectUri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8180", "/cardea", "ftp://auth.example.org"})
    void what_is_no_web_address_is_refused_by_name(String url) {
        assertThatThrownBy(() -> configured(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CARDEA_PUBLIC_URL")
                .hasMessageContaining(url);
    }

    @Test
    void a_path_prefix_is_kept() {
        assertThat(configured("https://auth.example.org/cardea/").path()).isEqualTo("/cardea");
        assertThat(configured("https://auth.example.org/").path()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"https://auth.example.org, true", "HTTPS://auth.example.org, true", "http://auth.example.org, false"})
    void it_is_secure_with_https(String url, boolean secure) {
        assertThat(configured(url).isSecure()).isEqualTo(secure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8180", "LocalHost:8180", "127.0.0.1:8180", "[::1]:8180"})
    void a_loopback_host_with_the_right_port_is_ours(String host) {
        assertThat(local().isHost(host)).isTrue();
        assertThat(configured("https://auth.example.org").isHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:80",
                "localhost:81800",
                "localhost:8180.evil.example",
                "evil.example",
                "evil.example:8180",
                "localhost.evil.example:8180",
                "127.0.0.2:8180",
                "0.0.0.0:8180",
                "[::]:8180",
                "::1:8180",
                "localhost:8180 ",
                "localhost:8180, evil.example",
                "user@localhost:8180",
                "auth.example.org"
            })
    void any_other_host_is_not(String host) {
        assertThat(local().isHost(host)).isFalse();
    }

    @Test
    void the_public_host_is_ours_as_browsers_write_it() {
        assertThat(configured("https://Auth.Example.org").isHost("auth.example.org"))
                .isTrue();
        assertThat(configured("https://auth.example.org").isHost("AUTH.example.org"))
                .isTrue();
        assertThat(configured("https://auth.example.org:443").isHost("auth.example.org"))
                .isTrue();
        assertThat(configured("http://auth.example.org:80").isHost("auth.example.org"))
                .isTrue();
        assertThat(configured("https://auth.example.org:8443").isHost("auth.example.org:8443"))
                .isTrue();
        assertThat(configured("https://auth.example.org:8443").isHost("auth.example.org"))
                .isFalse();
    }

    @Test
    void on_port_80_a_host_has_no_port() {
        PublicUrl plain = new PublicUrl(Optional.empty(), 80);

        assertThat(plain.isHost("localhost")).isTrue();
        assertThat(plain.isHost("127.0.0.1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:8180", "http://127.0.0.1:8180", "http://[::1]:8180", "https://auth.example.org"
            })
    void our_own_origins_are_ours(String origin) {
        assertThat(configured("https://auth.example.org/cardea").isOrigin(origin))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "https://localhost:8180",
                "http://localhost",
                "http://localhost:9999",
                "http://auth.example.org",
                "https://auth.example.org.evil.example",
                "https://auth.example.org:8443",
                "https://auth.example.org/cardea",
                "https://evil.example"
            })
    void other_origins_are_not(String origin) {
        assertThat(configured("https://auth.example.org/cardea").isOrigin(origin))
                .isFalse();
    }
}
