package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

    private final Map<String, Endpoint> list = get();
    private final Map<String, Endpoint> login = get();
    private final Map<String, Endpoint> flow = get();
    private final Map<String, Endpoint> connection = get();
    private final Routes routes = new Routes(
            Map.of("/connections", list, "/*/login", login, "/flows/*", flow, "/connections/*/*", connection));

    private static Map<String, Endpoint> get() {
        return Map.of("GET", (named, request) -> CompletableFuture.completedFuture(Answer::nothing));
    }

    @Test
    void a_path_without_asterisks_is_itself() {
        assertThat(routes.find("/connections").byMethod()).isSameAs(list);
        assertThat(routes.find("/connections").named()).isEmpty();
    }

    @Test
    void an_asterisk_stands_for_a_providers_name() {
        assertThat(routes.find("/acme/login").byMethod()).isSameAs(login);
        assertThat(routes.find("/acme/login").named()).isEqualTo("acme");
        assertThat(routes.find("//login").named()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/flows/f-1, f-1", "/flows/login, login", "/flows/, ''"})
    void after_a_fixed_beginning_it_stands_for_what_follows(String path, String named) {
        assertThat(routes.find(path).byMethod()).isSameAs(flow);
        assertThat(routes.find(path).named()).isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({
        "/connections/acme/default, acme/default",
        "/connections/acme/ada@example.org, acme/ada@example.org",
        "/connections/acme/.., acme/..",
        "/connections//, /"
    })
    void two_asterisks_stand_for_two_segments(String path, String named) {
        assertThat(routes.find(path).byMethod()).isSameAs(connection);
        assertThat(routes.find(path).named()).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nothing",
                "/acme",
                "/acme/",
                "/acme/login/",
                "/acme/login/x",
                "/acme/*",
                "/flows",
                "/flows/a/b",
                "/connections/acme",
                "/connections/login",
                "/connections/acme/a/b",
                "/connections/acme/a/"
            })
    void anything_else_leads_nowhere(String path) {
        assertThat(routes.find(path).byMethod()).isEmpty();
    }
}
