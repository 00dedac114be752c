package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cardea.oauth.ApiKeys;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenEndpointTest {

    private final RecordedConnections core = new RecordedConnections();
    private final ApiKeys keys =
            (key, provider, action) -> key.equals("the-key") && provider.equals("acme") && action.equals("token");
    private final AccessTokenEndpoint endpoint =
            new AccessTokenEndpoint(new ApiKeyCheck(keys, new RecordedAudit(), "token"), core);

    private Exchange get(String query) throws Exception {
        Exchange exchange =
                new Exchange().header("Authorization", "Bearer the-key").query(query);
        endpoint.answer("acme", exchange.request()).get().to(exchange.response());
        return exchange;
    }

    private Failure refused(String query) {
        Failure refused = Failure.of(catchThrowable(() -> get(query)));
        assertThat(core.asked).isEmpty();
        return refused;
    }

    @Test
    void a_token_is_answered_as_a_refresh_would_be_without_a_refresh_token() throws Exception {
        Instant end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);
        core.expiresAt = Optional.of(end);
        Exchange answer = get("");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.answered("Cache-Control")).hasValue("no-store");
        assertThat(answer.answered("Content-Type")).hasValue("application/json");
        assertThat(answer.json().path("expires_in").asLong()).isBetween(3590L, 3600L);
        assertThat(answer.json().path("expires_at").asLong()).isEqualTo(end.toEpochMilli());
        assertThat(answer.text())
                .startsWith("{\"access_token\":\"the-access-token\"")
                .doesNotContain("refresh_token");
        assertThat(core.asked).containsExactly("accessToken default PT1M");
    }

    @Test
    void a_token_without_an_end_has_none() throws Exception {
        assertThat(get("").json()).isEqualTo(new ObjectMapper().readTree("""
                        {"access_token": "the-access-token", "token_type": "Bearer", "scope": "email repo",
                         "provider": "acme", "connection": "default"}
                        """));
    }

    @ParameterizedTest
    @CsvSource({
        "connection=work, accessToken work PT1M",
        "connection=a%40b.c&min_ttl=0, accessToken a@b.c PT0S",
        "min_ttl=3600, accessToken default PT1H",
        "min_ttl=86400, accessToken default PT24H",
        "min_ttl=&connection=, accessToken default PT1M"
    })
    void a_connection_and_how_long_it_must_last_may_be_named(String query, String asked) throws Exception {
        get(query);

        assertThat(core.asked).containsExactly(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "1.5", "86401", "99999999999999999999", "0x10", "NaN"})
    void a_min_ttl_that_cannot_be_is_named(String value) {
        Failure refused = refused("min_ttl=" + value);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.description()).isEqualTo("min_ttl must be a whole number from 0 to 86400");
    }

    @ParameterizedTest
    @CsvSource({
        "connection=a&connection=b, The parameter connection is repeated",
        "min_ttl=1&min_ttl=1, The parameter min_ttl is repeated",
        "min-ttl=1, 'Known parameters are connection, min_ttl'",
        "connection=%zz, The parameters are not encoded as a form's are"
    })
    void what_is_repeated_or_unknown_is_refused(String query, String why) {
        Failure refused = refused(query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.description()).isEqualTo(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Basic dGhlLWtleTo=", ""})
    void without_the_key_nothing_is_read(String authorization) {
        Exchange stranger =
                new Exchange().header("Authorization", authorization).query("min_ttl=x");

        assertThat(Failure.of(catchThrowable(() -> endpoint.answer("acme", stranger.request())))
                        .status())
                .isEqualTo(401);
    }
}
