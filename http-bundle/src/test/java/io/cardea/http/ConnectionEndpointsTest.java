package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionEndpointsTest {

    private static final String ALL = "Bearer all";
    private static final String ACME_ONLY = "Bearer acme-only";
    private static final String READ_ONLY = "Bearer read-only";

    private final RecordedConnections core = new RecordedConnections();
    private final RecordedAudit audit = new RecordedAudit();
    private final ApiKeys keys = (key, provider, action) -> switch (key) {
        case "all" -> Set.of("connections", "revoke").contains(action);
        case "acme-only" -> provider.isEmpty() || provider.equals("acme");
        case "read-only" -> action.equals("connections");
        default -> false;
    };
    private final ConnectionEndpoints endpoints = new ConnectionEndpoints(
            core, new ApiKeyCheck(keys, audit, "connections"), new ApiKeyCheck(keys, audit, "revoke"));

    @BeforeEach
    void connect() {
        core.stored.add(RecordedConnections.connection("acme", "default"));
        core.stored.add(RecordedConnections.connection("acme", "ada@example.org"));
        core.stored.add(RecordedConnections.connection("other", "default"));
    }

    private static Exchange call(Endpoint endpoint, String named, String key, String query) throws Exception {
        Exchange exchange = new Exchange().header("Authorization", key).query(query);
        endpoint.answer(named, exchange.request()).get().to(exchange.response());
        return exchange;
    }

    private static Failure refused(Endpoint endpoint, String named, String key, String query) {
        return Failure.of(catchThrowable(() -> call(endpoint, named, key, query)));
    }

    @Test
    void one_is_told_with_all_that_is_known_but_its_tokens() throws Exception {
        Exchange answer = call(endpoints::one, "acme/ada@example.org", ALL, "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.answered("Cache-Control")).hasValue("no-store");
        assertThat(answer.json()).isEqualTo(new ObjectMapper().readTree("""
                        {"provider": "acme", "connection": "ada@example.org", "state": "expired", "expires_at": 3000,
                         "scope": "email repo", "subject": "42", "account": "Ada", "email": "ada@example.org", "plan": "pro", "created_at": 1000,
                         "refreshed_at": 2000, "fingerprint": "0123456789abcdef"}
                        """));
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer all, '', 3",
        "Bearer all, provider=acme, 2",
        "Bearer all, provider=nobody, 0",
        "Bearer all, provider=, 3",
        "Bearer acme-only, '', 2",
        "Bearer acme-only, provider=other, 0",
        "Bearer read-only, '', 3"
    })
    void a_list_has_those_that_are_asked_for_and_that_the_key_is_for(String key, String query, int size)
            throws Exception {
        Exchange answer = call(endpoints::list, "", key, query);

        assertThat(answer.json().isArray()).isTrue();
        assertThat(answer.json()).hasSize(size);
        assertThat(audit.refused).as("what is left out is no refusal").isEmpty();
    }

    @Test
    void nothing_connected_is_an_empty_list() throws Exception {
        core.stored.clear();

        assertThat(call(endpoints::list, "", ALL, "").text()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"provider=acme&provider=other", "provider=A", "connection=x", "provider=a/b"})
    void a_list_of_what_cannot_be_is_refused(String query) {
        assertThat(refused(endpoints::list, "", ALL, query).status()).isEqualTo(400);
    }

    @Test
    void one_that_is_not_there_is_not_connected() {
        Failure refused = refused(endpoints::one, "acme/work", ALL, "");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.error()).isEqualTo("not_connected");
        assertThat(refused.provider()).hasValue("acme");
        assertThat(refused.wanted()).hasValue(new ConnectionKey("acme", "work"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"acme/a b", "acme/", "acme/a%2Fb", "acme/caf\u00e9", "Acme/default", "/default", "acme/a\u0000"})
    void names_that_cannot_be_are_refused(String named) {
        assertThat(refused(endpoints::one, named, ALL, "").status()).isEqualTo(400);
        assertThat(refused(endpoints::revoke, named, ALL, "").status()).isEqualTo(400);
        assertThat(core.asked).isEmpty();
    }

    @Test
    void deleting_revokes_and_answers_nothing() throws Exception {
        Exchange answer = call(endpoints::revoke, "acme/ada@example.org", ALL, "");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.text()).isEmpty();
        assertThat(core.asked).containsExactly("revoke ada@example.org");
    }

    @Test
    void deleting_what_is_not_there_is_told() {
        core.failure = Optional.of(new OAuthException(OAuthError.NOT_CONNECTED, Optional.of("acme"), "None"));

        Throwable thrown = catchThrowable(() -> call(endpoints::revoke, "acme/work", ALL, ""));
        assertThat(Failure.of(thrown.getCause()).status()).isEqualTo(404);
    }

    @Test
    void a_key_for_reading_revokes_nothing() {
        assertThat(refused(endpoints::revoke, "acme/default", READ_ONLY, "").status())
                .isEqualTo(401);
        assertThat(audit.refused).containsExactly("read-only acme revoke 127.0.0.1");
        assertThat(core.asked).isEmpty();
    }

    @Test
    void a_key_for_one_provider_neither_sees_nor_revokes_anothers() {
        assertThat(refused(endpoints::one, "other/default", ACME_ONLY, "").status())
                .isEqualTo(401);
        assertThat(refused(endpoints::revoke, "other/default", ACME_ONLY, "").status())
                .isEqualTo(401);
        assertThat(core.asked).isEmpty();
    }

    @Test
    void without_a_key_nothing_is_told() {
        for (Endpoint endpoint : new Endpoint[] {endpoints::list, endpoints::one, endpoints::revoke}) {
            assertThat(refused(endpoint, "acme/default", "Bearer wrong", "").status())
                    .isEqualTo(401);
            assertThat(refused(endpoint, "acme/default", "", "").status()).isEqualTo(401);
        }
    }
}
