package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ApiKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiEndpointTest {

    private static final int LARGEST = 64 * 1024;

    private final List<Map<String, String>> accepted = new ArrayList<>();
    private final RecordedAudit audit = new RecordedAudit();
    private final ApiKeys keys =
            (key, provider, action) -> key.equals("the-key") && provider.equals("acme") && action.equals("refresh");
    private final ApiEndpoint endpoint = new ApiEndpoint(
            new ApiKeyCheck(keys, audit, "refresh"),
            new RequestBody(),
            Set.of("refresh_token", "connection"),
            (provider, members) -> {
                accepted.add(members);
                return CompletableFuture.completedFuture(Answer::nothing);
            });

    private void accept(Exchange exchange) throws Exception {
        endpoint.answer("acme", exchange.request()).get();
    }

    private static Exchange post(String body) {
        return new Exchange()
                .header("Authorization", "Bearer the-key")
                .header("Content-Type", "application/json")
                .body(body);
    }

    private int refusal(String provider, Exchange exchange) {
        return refused(provider, exchange).status();
    }

    private Failure refused(String provider, Exchange exchange) {
        Throwable refused = catchThrowable(
                () -> endpoint.answer(provider, exchange.request()).join());
        assertThat(refused).isNotNull();
        assertThat(refused instanceof CompletionException ? refused.getCause() : refused)
                .isInstanceOf(Refused.class)
                .hasNoCause();
        assertThat(accepted).isEmpty();
        return Failure.of(refused);
    }

    @Test
    void an_accepted_request_is_acted_upon() throws Exception {
        accept(post("{\"connection\":\"caf\u00e9\"}"));

        assertThat(accepted).containsExactly(Map.of("connection", "caf\u00e9"));
    }

    @Test
    void no_body_is_as_good_as_an_empty_object() throws Exception {
        accept(new Exchange().header("Authorization", "Bearer the-key"));

        assertThat(accepted).containsExactly(Map.of());
    }

    @Test
    void an_empty_object_is_one() throws Exception {
        accept(post(" {} "));

        assertThat(accepted).containsExactly(Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer wrong",
                "Bearer the-key2",
                "Bearer the-key the-key",
                "Bearerthe-key",
                "Basic dGhlLWtleTo=",
                "the-key",
                ""
            })
    void without_the_key_nothing_is_read(String authorization) {
        Exchange exchange = post("{\"connection\":\"default\"}").header("Authorization", authorization);

        assertThat(refusal("acme", exchange)).isEqualTo(401);
        assertThat(refusal("acme", new Exchange().body("garbage"))).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bearer the-key", "BEARER the-key", "Bearer  the-key"})
    void the_schemes_case_does_not_matter(String authorization) throws Exception {
        accept(post("{}").header("Authorization", authorization));

        assertThat(accepted).hasSize(1);
    }

    @Test
    void a_key_opens_the_door_it_is_for() {
        assertThat(refusal("other", post("{}"))).isEqualTo(401);
        assertThat(audit.refused).containsExactly("the-key other refresh 127.0.0.1");
    }

    @Test
    void who_shows_no_key_is_no_news() {
        assertThat(refusal("acme", new Exchange())).isEqualTo(401);
        assertThat(audit.refused).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json;charset=utf-8", "Application/JSON; charset=UTF-8"})
    void json_is_taken(String type) throws Exception {
        accept(post("{}").header("Content-Type", type));

        assertThat(accepted).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "application/jsonp",
                "application/json-seq",
                "text/plain;application/json",
                ""
            })
    void what_a_form_of_a_foreign_page_could_send_is_not(String type) {
        assertThat(refusal("acme", post("{}").header("Content-Type", type))).isEqualTo(415);
    }

    @Test
    void no_type_is_no_json() {
        assertThat(refusal(
                        "acme",
                        new Exchange().header("Authorization", "Bearer the-key").body("{}")))
                .isEqualTo(415);
    }

    @Test
    void a_body_may_have_64_kib_and_no_more() throws Exception {
        String value = "x".repeat(LARGEST - "{\"connection\":\"\"}".length());
        assertThat(refusal("acme", post("{\"connection\":\"" + value + "x\"}"))).isEqualTo(413);

        accept(post("{\"connection\":\"" + value + "\"}"));
        assertThat(accepted).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "\"text\"",
                "17",
                "{",
                "{}{}",
                "{} x",
                "{'connection':'a'}",
                "{\"connection\":\"a\",\"connection\":\"b\"}",
                "{\"connection\":\"a\",}",
                "connection=a",
                "{\"connection\":null}",
                "{\"connection\":17}",
                "{\"connection\":true}",
                "{\"connection\":[\"a\"]}",
                "{\"connection\":{}}",
                "{\"connection\":\"\"}",
                "{\"unknown\":\"a\"}",
                "{\"Connection\":\"a\"}",
                "{\"\":\"a\"}"
            })
    void what_is_no_object_of_known_texts_is_refused(String body) {
        assertThat(refusal("acme", post(body))).isEqualTo(400);
    }

    @Test
    void nesting_has_a_limit() {
        assertThat(refused("acme", post("{\"connection\":" + "[".repeat(19) + "]".repeat(19) + "}"))
                        .description())
                .isEqualTo("connection must be a text that is not empty");
        for (int depth : new int[] {20, 30_000}) {
            Failure refused = refused("acme", post("{\"connection\":" + "[".repeat(depth) + "]".repeat(depth) + "}"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.description()).contains("nested too deep");
        }
    }

    @Test
    void bytes_that_are_no_text_are_refused() {
        Exchange exchange = post("").body(new byte[] {'{', '"', (byte) 0xff, '"', ':', '"', 'a', '"', '}'});

        assertThat(refusal("acme", exchange)).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"Bearer the-other-key", "Bearer the-key"})
    void no_refusal_repeats_what_was_sent(String authorization) {
        Exchange exchange = post("{\"refresh_token\":17, \"secret-token\" ").header("Authorization", authorization);

        assertThat(refused("acme", exchange).description()).doesNotContain("the-other-key", "secret-token");
    }
}
