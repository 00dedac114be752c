package io.cardea.provider.playground.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.cardea.provider.playground.Playgrounds;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoints that programs call, as HTTP. */
class EndpointsTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static LocalPlayground local;

    @BeforeAll
    static void start() throws Exception {
        local = new LocalPlayground();
    }

    @AfterAll
    static void stop() throws Exception {
        local.stop();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(local.url + "/playground" + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String basic(String secret) {
        return "Basic " + Base64.getEncoder().encodeToString(("cardea:" + secret).getBytes(UTF_8));
    }

    private static String goodSecret() {
        return basic(Playgrounds.clientSecret(local.playground));
    }

    private static Object error(HttpResponse<String> response) throws Exception {
        return JSONObjectUtils.parse(response.body()).get("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token", "/revoke", "/device_authorization"})
    void a_wrong_client_secret_is_refused_everywhere(String path) throws Exception {
        HttpResponse<String> response = send(request(path)
                .header("Content-Type", FORM)
                .header("Authorization", basic("wrong"))
                .POST(BodyPublishers.ofString("token=a&grant_type=refresh_token&refresh_token=a")));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(error(response)).isEqualTo("invalid_client");
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic "));
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void the_client_may_send_its_secret_in_the_body() throws Exception {
        HttpResponse<String> response = send(request("/device_authorization")
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString(
                        "client_id=cardea&client_secret=" + Playgrounds.clientSecret(local.playground))));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json;charset=utf-8");
    }

    @Test
    void a_refused_grant_is_a_bad_request_in_json() throws Exception {
        HttpResponse<String> response = send(request("/token")
                .header("Content-Type", FORM)
                .header("Authorization", goodSecret())
                .POST(BodyPublishers.ofString("grant_type=refresh_token&refresh_token=unheard-of")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isEqualTo("invalid_grant");
        assertThat(response.body()).doesNotContain("unheard-of");
    }

    @ParameterizedTest
    @CsvSource({
        "/token, GET, POST",
        "/token, PUT, POST",
        "/revoke, GET, POST",
        "/device_authorization, DELETE, POST",
        "/userinfo, PUT, 'GET, POST'",
        "/jwks, POST, 'GET, HEAD'",
        "/.well-known/openid-configuration, DELETE, 'GET, HEAD'",
        "/authorize, PUT, 'GET, HEAD, POST'",
        "/device, TRACE, 'GET, HEAD, POST'"
    })
    void a_wrong_method_is_refused(String path, String method, String allowed) throws Exception {
        HttpResponse<String> response = send(request(path).method(method, BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "text/plain", FORM + "x"})
    void a_wrong_content_type_is_refused(String type) throws Exception {
        HttpResponse<String> response = send(request("/token")
                .header("Content-Type", type)
                .header("Authorization", goodSecret())
                .POST(BodyPublishers.ofString("grant_type=refresh_token&refresh_token=a")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isEqualTo("invalid_request");
    }

    @Test
    void a_repeated_parameter_is_refused() throws Exception {
        HttpResponse<String> response = send(request("/token")
                .header("Content-Type", FORM)
                .header("Authorization", goodSecret())
                .POST(BodyPublishers.ofString("grant_type=refresh_token&refresh_token=a&refresh_token=b")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isEqualTo("invalid_request");
    }

    @Test
    void parameters_in_the_url_are_refused() throws Exception {
        HttpResponse<String> response = send(request("/token?scope=email")
                .header("Content-Type", FORM)
                .header("Authorization", goodSecret())
                .POST(BodyPublishers.ofString("grant_type=refresh_token&refresh_token=unheard-of")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isEqualTo("invalid_request");
    }

    @Test
    void a_refusal_that_did_not_read_the_body_says_that_the_connection_ends() throws Exception {
        HttpResponse<String> response = send(request("/token").PUT(BodyPublishers.ofString("a=b")));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Connection")).contains("close");
    }

    @Test
    void a_body_that_is_too_long_is_refused() throws Exception {
        HttpResponse<String> response = send(request("/token")
                .header("Content-Type", FORM)
                .header("Authorization", goodSecret())
                .POST(BodyPublishers.ofString("a=" + "b".repeat(64 * 1024))));
        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void userinfo_wants_a_bearer_token() throws Exception {
        HttpResponse<String> none = send(request("/userinfo"));
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"playground\"");

        HttpResponse<String> wrong = send(request("/userinfo").header("Authorization", "Bearer unheard-of"));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"playground\", error=\"invalid_token\"");
    }

    @Test
    void the_metadata_names_the_issuer_and_what_it_supports() throws Exception {
        HttpResponse<String> response = send(request("/.well-known/openid-configuration"));
        Map<String, Object> metadata = JSONObjectUtils.parse(response.body());
        String issuer = local.url + "/playground";
        assertThat(metadata)
                .containsEntry("issuer", issuer)
                .containsEntry("authorization_endpoint", issuer + "/authorize")
                .containsEntry("token_endpoint", issuer + "/token")
                .containsEntry("revocation_endpoint", issuer + "/revoke")
                .containsEntry("device_authorization_endpoint", issuer + "/device_authorization")
                .containsEntry("userinfo_endpoint", issuer + "/userinfo")
                .containsEntry("jwks_uri", issuer + "/jwks")
                .containsEntry("code_challenge_methods_supported", List.of("S256"))
                .containsEntry("authorization_response_iss_parameter_supported", true);
    }

    @Test
    void the_public_key_is_published_and_the_private_one_is_not() throws Exception {
        assertThat(send(request("/jwks")).body())
                .contains("\"kty\":\"RSA\"")
                .contains("\"alg\":\"RS256\"")
                .doesNotContain("\"d\"");
    }
}
