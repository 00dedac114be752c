package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cardea.http.Failure.Refused;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConnectionActionsTest {

    private final RecordedConnections core = new RecordedConnections();
    private final ConnectionActions actions = new ConnectionActions(core);

    private static Exchange write(CompletableFuture<Written> answer) throws Exception {
        Exchange exchange = new Exchange();
        answer.get().to(exchange.response());
        return exchange;
    }

    @Test
    void a_refresh_by_name_answers_without_a_refresh_token() throws Exception {
        Exchange answer = write(actions.refresh("acme", Map.of("connection", "default")));

        assertThat(core.asked).containsExactly("refresh default");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.answered("Cache-Control")).hasValue("no-store");
        assertThat(answer.json()).isEqualTo(new ObjectMapper().readTree("""
                        {"access_token": "the-access-token", "token_type": "Bearer", "scope": "email repo",
                         "provider": "acme", "connection": "default"}
                        """));
    }

    @Test
    void a_refresh_by_token_answers_with_the_next_one() throws Exception {
        Exchange answer = write(actions.refresh("acme", Map.of("refresh_token", "last")));

        assertThat(core.asked).containsExactly("refreshWith last");
        assertThat(answer.json().path("refresh_token").asText()).isEqualTo("next");
    }

    @Test
    void the_end_is_told_in_seconds_from_now_and_as_a_moment() throws Exception {
        Instant end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);
        core.expiresAt = Optional.of(end);
        Exchange answer = write(actions.refresh("acme", Map.of("connection", "default")));

        assertThat(answer.json().path("expires_at").asLong()).isEqualTo(end.toEpochMilli());
        assertThat(answer.json().path("expires_in").asLong()).isBetween(3590L, 3600L);
    }

    @Test
    void an_end_that_has_passed_is_in_no_seconds() throws Exception {
        core.expiresAt = Optional.of(Instant.EPOCH);

        assertThat(write(actions.refresh("acme", Map.of("connection", "default")))
                        .json()
                        .path("expires_in")
                        .asLong(-1))
                .isZero();
    }

    @Test
    void a_revocation_answers_nothing() throws Exception {
        Exchange answer = write(actions.revoke("acme", Map.of("connection", "default")));
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.text()).isEmpty();

        write(actions.revoke("acme", Map.of("token", "some-token")));
        assertThat(core.asked).containsExactly("revoke default", "revokeToken some-token");
    }

    @Test
    void exactly_one_connection_is_meant() {
        for (Map<String, String> members :
                List.of(Map.<String, String>of(), Map.of("connection", "a", "refresh_token", "b"))) {
            assertThatThrownBy(() -> actions.refresh("acme", members))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.failure().status()).isEqualTo(400));
        }
        assertThatThrownBy(() -> actions.revoke("acme", Map.of())).isInstanceOf(Refused.class);
        assertThat(core.asked).isEmpty();
    }
}
