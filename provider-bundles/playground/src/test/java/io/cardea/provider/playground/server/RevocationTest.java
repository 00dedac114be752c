package io.cardea.provider.playground.server;

import static io.cardea.provider.playground.server.TestServer.error;
import static io.cardea.provider.playground.server.TestServer.refreshRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevocationTest {

    private final TestServer test = new TestServer();
    private final Map<String, Object> answer = test.login();

    private void revoke(Client client, Object token) {
        test.server.revocation().revoke(client, Parameters.of(Map.of("token", (String) token)));
    }

    @Test
    void revoking_the_access_token_leaves_the_grant() {
        revoke(test.cardea, answer.get("access_token"));

        assertThat(test.works(answer)).isFalse();
        assertThat(test.works(test.token(refreshRequest(answer)))).isTrue();
    }

    @Test
    void revoking_the_refresh_token_ends_the_grant() {
        revoke(test.cardea, answer.get("refresh_token"));

        assertThat(test.works(answer)).isFalse();
        assertThat(test.error(refreshRequest(answer))).isEqualTo("invalid_grant");
    }

    @Test
    void revoking_a_used_refresh_token_ends_the_grant_too() {
        Map<String, Object> refreshed = test.token(refreshRequest(answer));

        revoke(test.cardea, answer.get("refresh_token"));

        assertThat(test.works(refreshed)).isFalse();
    }

    @Test
    void an_unknown_token_is_no_error_and_harms_nobody() {
        revoke(test.cardea, "unheard-of");
        assertThat(test.works(answer)).isTrue();
    }

    @Test
    void a_token_of_another_client_is_refused_and_stays_good() {
        assertThat(error(() -> revoke(test.other, answer.get("refresh_token")))).isEqualTo("invalid_grant");
        assertThat(test.works(answer)).isTrue();
    }

    @Test
    void a_request_without_a_token_is_refused() {
        assertThat(error(() -> test.server.revocation().revoke(test.cardea, Parameters.of(Map.of()))))
                .isEqualTo("invalid_request");
    }

    @Test
    void an_access_token_ends_by_itself() {
        test.clock.pass(Duration.ofSeconds(299));
        assertThat(test.works(answer)).isTrue();
        test.clock.pass(Duration.ofSeconds(1));
        assertThat(test.works(answer)).isFalse();
    }

    @Test
    void userinfo_tells_what_the_scopes_allow() {
        assertThat(test.server.userinfo().userinfo((String) answer.get("access_token")))
                .containsEntry("sub", "1815-12-10")
                .containsEntry("name", "Ada Lovelace")
                .containsEntry("email", "ada@playground.example");
    }

    @Test
    void a_refresh_token_is_no_access_token() {
        assertThat(error(() -> test.server.userinfo().userinfo((String) answer.get("refresh_token"))))
                .isEqualTo("invalid_token");
    }
}
