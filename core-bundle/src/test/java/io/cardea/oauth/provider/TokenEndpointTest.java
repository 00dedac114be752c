package io.cardea.oauth.provider;

import static io.cardea.core.fixture.Stages.providerFailure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.LocalServer.Request;
import io.cardea.core.fixture.Stages;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client authentication, and what token endpoints answer when they do not give a token. */
class TokenEndpointTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static final String ODD_ID = "the client:1/\u00fc&=%+";
    private static final String ODD_SECRET = "p@ss:w\u00f6rd %2B+&=\"~*";

    private Acme acme;

    @BeforeEach
    void open() throws IOException {
        acme = new Acme();
    }

    @AfterEach
    void close() {
        acme.close();
    }

    private ProviderException failure(String error) {
        return providerFailure(acme.provider().exchange(Acme.CODE, acme.context), error);
    }

    private StandardProvider reading(Function<JsonObject, Credential> reads) {
        return new StandardProvider(acme.provider().definition()) {
            @Override
            protected Credential credential(JsonObject answer, Instant now) {
                return reads.apply(answer);
            }
        };
    }

    private Request exchanged() {
        acme.answering("/token", 200, Acme.TOKEN);
        Stages.await(acme.provider().exchange(Acme.CODE, acme.context));
        return acme.server.request();
    }

    @Test
    void with_basic_authentication_both_parts_are_form_encoded_first() {
        acme.set("client_id", ODD_ID).set("client_secret", ODD_SECRET).set("client_auth", "client_secret_basic");
        Request request = exchanged();

        String header = request.header("Authorization").orElseThrow();
        assertThat(header).startsWith("Basic ");
        // RFC 6749, section 2.3.1
        String[] pair = new String(Base64.getDecoder().decode(header.substring(6)), UTF_8).split(":", -1);
        assertThat(pair).as("no colon but the one between").hasSize(2);
        assertThat(URLDecoder.decode(pair[0], UTF_8)).isEqualTo(ODD_ID);
        assertThat(URLDecoder.decode(pair[1], UTF_8)).isEqualTo(ODD_SECRET);
        assertThat(request.form()).doesNotContainKeys("client_id", "client_secret");
    }

    @Test
    void with_post_authentication_both_parts_are_in_the_form() {
        acme.set("client_id", ODD_ID).set("client_secret", ODD_SECRET).set("client_auth", "client_secret_post");
        Request request = exchanged();

        assertThat(request.form()).containsEntry("client_id", ODD_ID).containsEntry("client_secret", ODD_SECRET);
        assertThat(request.header("Authorization")).isEmpty();
    }

    @Test
    void a_public_client_gives_its_name_alone() {
        acme.set("client_id", ODD_ID).set("client_secret", ODD_SECRET).set("client_auth", "none");
        Request request = exchanged();

        assertThat(request.form()).containsEntry("client_id", ODD_ID).doesNotContainKey("client_secret");
        assertThat(request.header("Authorization")).isEmpty();
    }

    @Test
    void no_secret_is_ever_in_the_url() {
        acme.set("client_secret", ODD_SECRET);

        assertThat(exchanged().path()).isEqualTo("/token");
    }

    @Test
    void a_client_that_lacks_its_secret_asks_nobody() {
        acme.set("client_auth", "client_secret_basic").answering("/token", 200, Acme.TOKEN);

        assertThat(failure("invalid_client"))
                .hasMessageContaining("client_secret")
                .hasMessageContaining("acme");
        assertThat(acme.server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 400, 401, 403, 500, 503})
    void an_error_is_one_whatever_the_status(int status) {
        acme.answering(
                "/token", status, "{\"error\":\"invalid_grant\",\"error_description\":\"The code has expired.\"}");

        assertThat(failure("invalid_grant")).hasMessage("the authorization server refused: invalid_grant");
    }

    @ParameterizedTest
    @CsvSource({
        "429,rate_limited",
        "429,too_many_requests",
        "503,maintenance",
        "503,server_error",
        "429,",
        "503,temporarily_unavailable"
    })
    void a_server_that_is_busy_has_not_looked_at_the_request_whatever_it_calls_that(int status, String error) {
        acme.answering("/token", status, error == null ? "" : "{\"error\":\"" + error + "\"}");

        failure(ProviderException.TEMPORARILY_UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({"429,slow_down", "429,invalid_client", "503,authorization_pending", "500,rate_limited"})
    void what_an_error_means_by_its_standard_it_means_whatever_the_status(int status, String error) {
        acme.answering("/token", status, "{\"error\":\"" + error + "\"}");

        failure(error);
    }

    private OptionalLong retryAfter(int status, String error, String header) {
        String body = "{\"error\":\"" + error + "\"}";
        acme.server.answer("/token", new Answer(status, "application/json", body, Map.of("Retry-After", header)));
        ProviderException failure = (ProviderException)
                catchThrowable(() -> Stages.await(acme.provider().exchange(Acme.CODE, acme.context)));
        return failure.retryAfter();
    }

    @ParameterizedTest
    @CsvSource({
        "429,rate_limited,120,120",
        "503,maintenance,'Tue, 01 Jan 2030 00:02:00 GMT',120",
        "429,invalid_request,7,7",
        "503,maintenance,999999999999,3600",
        "503,maintenance,'Fri, 01 Feb 2030 00:00:00 GMT',3600"
    })
    void a_server_that_is_busy_says_when_to_come_again(int status, String error, String header, long seconds) {
        assertThat(retryAfter(status, error, header)).hasValue(seconds);
    }

    @ParameterizedTest
    @CsvSource({
        "503,''",
        "503,0",
        "503,-5",
        "503,1.5",
        "503,soon",
        "503,99999999999999999999",
        "503,2030-01-01T00:02:00Z",
        "503,'Fri, 01 Jan 2030 00:02:00 GMT'",
        "503,'Mon, 31 Dec 2029 23:59:59 GMT'",
        "500,120",
        "400,120"
    })
    void what_does_not_say_when_is_ignored(int status, String header) {
        assertThat(retryAfter(status, "maintenance", header)).isEmpty();
    }

    @Test
    void an_error_beside_a_token_is_an_error() {
        acme.answering("/token", 200, "{\"access_token\":\"a\",\"error\":\"invalid_scope\"}");

        failure("invalid_scope");
    }

    @Test
    void what_a_provider_of_its_own_says_of_an_answer_is_not_logged() {
        acme.answering("/token", 200, Acme.TOKEN);
        StandardProvider picky = reading(answer -> {
            throw new ProviderException(
                    ProviderException.PROVIDER_ERROR, answer.text("access_token") + " is too short");
        });

        providerFailure(picky.exchange(Acme.CODE, acme.context), ProviderException.PROVIDER_ERROR);
        assertThat(log.text())
                .contains("Provider acme: 127.0.0.1 answered with HTTP status 200 and application/json: refused")
                .doesNotContain("the-access-token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "200;'';the answer is empty",
                "200;'{}';the answer has no access_token",
                "200;'{\"access_token\":null}';the answer has no access_token",
                "200;'{\"access_token\":\"\"}';the answer has no access_token",
                "200;'{\"access_token\":{\"a\":1}}';the answer has no access_token",
                "200;'[]';the answer is not a JSON object",
                "200;'<html>the-code</html>';the answer is not well-formed JSON",
                "200;'access_token=a&token_type=bearer';the answer is not well-formed JSON",
                "500;'<html>the-code</html>';the authorization server answered with HTTP status 500",
                "502;'';the authorization server answered with HTTP status 502",
                "302;'';the authorization server answered with HTTP status 302",
                "400;'{}';the authorization server answered with HTTP status 400"
            })
    void what_is_no_oauth_answer_is_a_provider_error(int status, String body, String message) {
        acme.answering("/token", status, body);

        assertThat(failure(ProviderException.PROVIDER_ERROR)).hasMessage(message);
    }

    /** It may hold what was sent, in an encoding that nobody thought of. */
    @ParameterizedTest
    @ValueSource(strings = {"bad the-code", "no dGhlLWNvZGU=", "t h e - c o d e", "a\\u0007b\\r\\nINFO fake"})
    void a_description_is_not_repeated(String description) {
        acme.answering("/token", 400, "{\"error\":\"invalid_grant\",\"error_description\":\"" + description + "\"}");

        assertThat(failure("invalid_grant")).hasMessage("the authorization server refused: invalid_grant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"the-code is wrong", "1//0gRT", "UPPER", "bad\\nthing", "x y"})
    void an_error_that_is_no_error_code_is_not_repeated(String error) {
        acme.answering("/token", 400, "{\"error\":\"" + error + "\"}");

        assertThat(failure(ProviderException.PROVIDER_ERROR))
                .hasMessage("the authorization server refused with an unusual error");
    }

    @Test
    void what_the_userinfo_endpoint_says_is_not_repeated_either() {
        acme.set("userinfo_endpoint", acme.server.url("/me"))
                .answering("/me", 401, "{\"error\":\"invalid_token\",\"error_description\":\"no the-access-token\"}");

        assertThat(providerFailure(
                        acme.provider().profile(Credential.bearer("the-access-token"), acme.context), "invalid_token"))
                .hasMessage("the authorization server refused: invalid_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\r\\nSet-Cookie: x", "a\\u0000b", "caf\u00e9"})
    void what_could_write_headers_of_its_own_is_no_token(String token) {
        acme.answering("/token", 200, "{\"access_token\":\"" + token + "\"}");
        failure(ProviderException.PROVIDER_ERROR);

        acme.answering("/token", 200, "{\"access_token\":\"a\",\"refresh_token\":\"" + token + "\"}");
        failure(ProviderException.PROVIDER_ERROR);
    }

    @Test
    void a_credential_without_a_code_verifier_is_asked_for_without_one() {
        acme.answering("/token", 200, Acme.TOKEN);
        Stages.await(acme.provider()
                .exchange(new AuthorizationCode("c", "s", "http://localhost/", Optional.empty()), acme.context));

        assertThat(acme.server.request().form()).doesNotContainKeys("code_verifier", "state");
    }
}
