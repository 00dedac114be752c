package io.cardea.provider.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {

    private static final Map<String, Object> HTTP =
            Map.of("osgi.http.endpoint", new String[] {"http://192.0.2.7:8123/"}, "org.osgi.service.http.port", "8123");

    private static Addresses addresses(Map<String, ?> http, Map<String, String> framework) {
        return Addresses.of(http, name -> Optional.ofNullable(framework.get(name)));
    }

    @Test
    void without_a_public_url_it_is_localhost_with_the_port_that_is_listened_on() {
        Addresses addresses = addresses(HTTP, Map.of());
        assertThat(addresses.forBrowsers().base()).isEqualTo("http://localhost:8123/playground");
        assertThat(addresses.redirectUri()).isEqualTo("http://localhost:8123/oauth/playground/callback");
        assertThat(addresses.https()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://sso.example, https://sso.example",
        "https://sso.example/, https://sso.example",
        "https://sso.example/cardea/, https://sso.example/cardea"
    })
    void a_public_url_counts_with_its_path(String configured, String base) {
        Addresses addresses = addresses(HTTP, Map.of("CARDEA_PUBLIC_URL", configured));
        assertThat(addresses.forBrowsers().authorization()).isEqualTo(base + "/playground/authorize");
        assertThat(addresses.redirectUri()).isEqualTo(base + "/oauth/playground/callback");
        assertThat(addresses.https()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'', http://127.0.0.1:8123",
        "0.0.0.0, http://127.0.0.1:8123",
        "127.0.0.1, http://127.0.0.1:8123",
        "localhost, http://localhost:8123",
        "::1, http://[::1]:8123",
        "[::1], http://[::1]:8123",
        "::, http://127.0.0.1:8123",
        "192.0.2.7, https://sso.example"
    })
    void cardea_goes_straight_to_a_server_that_listens_on_loopback(String host, String direct) {
        Addresses addresses =
                addresses(HTTP, Map.of("CARDEA_PUBLIC_URL", "https://sso.example", "org.apache.felix.http.host", host));
        assertThat(addresses.forCardea().token()).isEqualTo(direct + "/playground/token");
    }

    @Test
    void the_port_is_known_on_a_machine_without_a_network() {
        Map<String, Object> http = Map.of("osgi.http.endpoint", new String[0], "org.osgi.service.http.port", "8123");
        assertThat(addresses(http, Map.of()).publicUrl()).isEqualTo("http://localhost:8123");
    }
}
