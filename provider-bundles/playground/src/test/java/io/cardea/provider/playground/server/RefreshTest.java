package io.cardea.provider.playground.server;

import static io.cardea.provider.playground.server.TestServer.error;
import static io.cardea.provider.playground.server.TestServer.refreshRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefreshTest {

    private final TestServer test = new TestServer();
    private final Map<String, Object> answer = test.login();
    private final Map<String, String> request = refreshRequest(answer);

    @Test
    void a_refresh_token_gives_new_tokens_and_the_old_access_token_still_works() {
        Map<String, Object> refreshed = test.token(request);

        assertThat(refreshed.get("access_token")).isNotEqualTo(answer.get("access_token"));
        assertThat(refreshed.get("refresh_token")).isNotEqualTo(answer.get("refresh_token"));
        assertThat(refreshed).containsEntry("scope", "profile email");
        assertThat(test.works(refreshed)).isTrue();
        assertThat(test.works(answer)).isTrue();
    }

    @Test
    void a_reused_refresh_token_is_refused_and_ends_the_grant() {
        Map<String, Object> refreshed = test.token(request);
        Map<String, Object> twice = test.token(refreshRequest(refreshed));

        assertThat(test.error(request)).isEqualTo("invalid_grant");

        assertThat(test.works(twice)).isFalse();
        assertThat(test.error(refreshRequest(twice))).isEqualTo("invalid_grant");
    }

    @Test
    void a_refresh_token_of_another_client_is_refused_and_stays_good() {
        assertThat(error(() -> test.server.token().token(test.other, Parameters.of(request))))
                .isEqualTo("invalid_grant");

        assertThat(test.works(test.token(request))).isTrue();
    }

    @Test
    void more_scopes_than_were_granted_are_refused_and_the_token_stays_good() {
        request.put("scope", "profile email openid");
        assertThat(test.error(request)).isEqualTo("invalid_scope");

        assertThat(test.works(test.token(refreshRequest(answer)))).isTrue();
    }

    @Test
    void fewer_scopes_are_granted_for_this_access_token_alone() {
        request.put("scope", "email");
        Map<String, Object> narrowed = test.token(request);

        assertThat(narrowed).containsEntry("scope", "email");
        assertThat(test.server.userinfo().userinfo((String) narrowed.get("access_token")))
                .containsKey("email")
                .doesNotContainKey("name");
        assertThat(test.token(refreshRequest(narrowed))).containsEntry("scope", "profile email");
    }

    @Test
    void an_unused_refresh_token_lives_for_a_day() {
        test.clock.pass(Duration.ofDays(1));
        assertThat(test.error(request)).isEqualTo("invalid_grant");
    }

    @Test
    void an_access_token_is_no_refresh_token() {
        request.put("refresh_token", (String) answer.get("access_token"));
        assertThat(test.error(request)).isEqualTo("invalid_grant");
    }

    @Test
    void a_refresh_request_without_a_token_is_refused() {
        request.remove("refresh_token");
        assertThat(test.error(request)).isEqualTo("invalid_request");
    }
}
