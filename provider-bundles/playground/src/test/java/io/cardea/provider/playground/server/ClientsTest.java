package io.cardea.provider.playground.server;

import static io.cardea.provider.playground.server.TestServer.error;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientsTest {

    private static final Parameters NOTHING = Parameters.of(Map.of());

    private final Client cardea = Client.of("cardea", "Cardea", "s3cret +:%", "https://cardea.example/callback");
    private final Client other = Client.of("other", "Other", "0ther", "https://other.example/callback");
    private final Clients clients = new Clients(List.of(cardea, other));

    private static Optional<String> basic(String pair) {
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
    }

    @Test
    void a_client_authenticates_with_basic() {
        assertThat(clients.authenticate(basic("cardea:s3cret+%2B%3A%25"), NOTHING))
                .isEqualTo(cardea);
    }

    @Test
    void a_client_authenticates_with_post() {
        Parameters parameters = Parameters.of(Map.of("client_id", "cardea", "client_secret", "s3cret +:%"));
        assertThat(clients.authenticate(Optional.empty(), parameters)).isEqualTo(cardea);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cardea:wrong", "cardea:0ther", "cardea:", "nobody:s3cret", "cardea", ":", "cardea:%zz"})
    void a_wrong_secret_or_unknown_client_is_refused_with_basic(String pair) {
        assertThat(error(() -> clients.authenticate(basic(pair), NOTHING))).isEqualTo("invalid_client");
    }

    @ParameterizedTest
    @CsvSource({"cardea, wrong", "cardea, 0ther", "nobody, s3cret", "cardea, ''", "'', 0ther"})
    void a_wrong_secret_or_unknown_client_is_refused_with_post(String id, String secret) {
        Parameters parameters = Parameters.parse(Parameters.encode(Map.of("client_id", id, "client_secret", secret)));
        assertThat(error(() -> clients.authenticate(Optional.empty(), parameters)))
                .isEqualTo("invalid_client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc", "Basic", "Basic %%%", "Basic "})
    void another_authorization_header_is_refused(String header) {
        assertThat(error(() -> clients.authenticate(Optional.of(header), NOTHING)))
                .isEqualTo("invalid_client");
    }

    @Test
    void a_request_without_authentication_is_refused() {
        assertThat(error(() -> clients.authenticate(Optional.empty(), NOTHING))).isEqualTo("invalid_client");
    }

    @Test
    void two_ways_at_once_are_refused() {
        Parameters parameters = Parameters.of(Map.of("client_id", "other", "client_secret", "0ther"));
        assertThat(error(() -> clients.authenticate(basic("other:0ther"), parameters)))
                .isEqualTo("invalid_request");
    }

    @Test
    void a_client_id_that_is_not_the_one_that_authenticated_is_refused() {
        Parameters parameters = Parameters.of(Map.of("client_id", "cardea"));
        assertThat(error(() -> clients.authenticate(basic("other:0ther"), parameters)))
                .isEqualTo("invalid_request");
    }

    @Test
    void a_repeated_parameter_is_refused() {
        Parameters parameters = Parameters.parse("grant_type=refresh_token&grant_type=refresh_token");
        assertThat(error(() -> clients.authenticate(basic("other:0ther"), parameters)))
                .isEqualTo("invalid_request");
    }
}
