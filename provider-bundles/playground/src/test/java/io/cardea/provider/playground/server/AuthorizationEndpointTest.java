package io.cardea.provider.playground.server;

import static io.cardea.provider.playground.server.TestServer.ADA;
import static io.cardea.provider.playground.server.TestServer.ISSUER;
import static io.cardea.provider.playground.server.TestServer.REDIRECT_URI;
import static io.cardea.provider.playground.server.TestServer.error;
import static io.cardea.provider.playground.server.TestServer.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.provider.playground.server.AuthorizationEndpoint.Ask;
import io.cardea.provider.playground.server.AuthorizationEndpoint.Decision;
import io.cardea.provider.playground.server.AuthorizationEndpoint.SendBack;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationEndpointTest {

    private final TestServer test = new TestServer();
    private final AuthorizationEndpoint endpoint = test.server.authorization();
    private final Map<String, String> request = test.authorizationRequest();

    private Decision decide() {
        return endpoint.decide(Parameters.of(request));
    }

    /** The parameters with which the browser is sent back at once. */
    private Parameters sentBack(Decision decision) {
        assertThat(decision).isInstanceOf(SendBack.class);
        String url = ((SendBack) decision).url();
        assertThat(url).startsWith(REDIRECT_URI + "?");
        return query(url);
    }

    @Test
    void a_person_is_asked_for_what_the_client_wants() {
        assertThat(decide()).isInstanceOfSatisfying(Ask.class, ask -> {
            assertThat(ask.request().client()).isEqualTo(test.cardea);
            assertThat(ask.request().scopes()).containsExactly("profile", "email");
        });
    }

    @Test
    void approval_sends_a_code_the_state_and_the_issuer_to_the_redirect_uri() {
        AuthorizationRequest asked = ((Ask) decide()).request();

        String url = endpoint.approve(asked, ADA, test.clock.instant());

        assertThat(url).startsWith(REDIRECT_URI + "?");
        assertThat(query(url).get("code")).isPresent();
        assertThat(query(url).get("state")).contains("st&te");
        assertThat(query(url).get("iss")).contains(ISSUER);
    }

    @Test
    void denial_sends_access_denied_and_no_code() {
        AuthorizationRequest asked = ((Ask) decide()).request();

        Parameters answer = query(endpoint.deny(asked));

        assertThat(answer.get("error")).contains("access_denied");
        assertThat(answer.get("state")).contains("st&te");
        assertThat(answer.get("iss")).contains(ISSUER);
        assertThat(answer.get("code")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nobody"})
    void an_unknown_client_is_refused_without_a_redirect(String clientId) {
        request.put("client_id", clientId);
        assertThat(error(this::decide)).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://evil.example/",
                REDIRECT_URI + "/",
                REDIRECT_URI + "?a=b",
                "https://CARDEA.example/oauth/playground/callback",
                "https://other.example/callback"
            })
    void a_foreign_redirect_uri_is_refused_without_a_redirect(String redirectUri) {
        request.put("redirect_uri", redirectUri);
        assertThat(error(this::decide)).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "redirect_uri"})
    void a_repeated_client_or_redirect_uri_is_refused_without_a_redirect(String name) {
        String form = Parameters.encode(request) + "&" + Parameters.encode(Map.of(name, request.get(name)));
        assertThat(error(() -> endpoint.decide(Parameters.parse(form)))).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope", "response_type", "code_challenge", "code_challenge_method"})
    void any_other_repeated_parameter_is_sent_back(String name) {
        String form = Parameters.encode(request) + "&" + Parameters.encode(Map.of(name, request.get(name)));

        Parameters answer = sentBack(endpoint.decide(Parameters.parse(form)));

        assertThat(answer.get("error")).contains("invalid_request");
        assertThat(answer.get("state")).contains("st&te");
        assertThat(answer.get("iss")).contains(ISSUER);
    }

    @Test
    void a_repeated_state_is_not_sent_back() {
        Parameters answer = sentBack(endpoint.decide(Parameters.parse(Parameters.encode(request) + "&state=other")));

        assertThat(answer.get("error")).contains("invalid_request");
        assertThat(answer.get("state")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "response_type, token, unsupported_response_type",
        "response_type, code id_token, unsupported_response_type",
        "response_type, '', invalid_request",
        "response_mode, fragment, invalid_request",
        "scope, profile admin, invalid_scope",
        "prompt, none, login_required",
        "request, eyJ, request_not_supported",
        "request_uri, https://evil.example/, request_uri_not_supported"
    })
    void what_is_not_supported_is_sent_back(String name, String value, String error) {
        request.put(name, value);
        assertThat(sentBack(endpoint.decide(Parameters.parse(Parameters.encode(request))))
                        .get("error"))
                .contains(error);
    }

    @Test
    void a_nonce_that_is_too_long_is_sent_back() {
        request.put("nonce", "n".repeat(513));
        assertThat(sentBack(decide()).get("error")).contains("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"code_challenge", "code_challenge_method"})
    void a_request_without_pkce_is_sent_back(String name) {
        request.remove(name);
        assertThat(sentBack(decide()).get("error")).contains("invalid_request");
    }

    @Test
    void plain_pkce_is_sent_back() {
        request.put("code_challenge_method", "plain");
        assertThat(sentBack(decide()).get("error")).contains("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"
            })
    void a_malformed_code_challenge_is_sent_back(String challenge) {
        request.put("code_challenge", challenge);
        assertThat(sentBack(decide()).get("error")).contains("invalid_request");
    }
}
