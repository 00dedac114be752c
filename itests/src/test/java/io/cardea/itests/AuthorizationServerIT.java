package io.cardea.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The authorization server that the tests run is an honest one, seen with nothing of ours in between. */
class AuthorizationServerIT {

    @TempDir
    static Path folder;

    private static ClientKey key;
    private static AuthorizationServerProcess server;

    @BeforeAll
    static void start() {
        key = new ClientKey();
        server = AuthorizationServerProcess.started(folder, key, "access-token-lifetime=77s");
    }

    @AfterAll
    static void stop() {
        server.close();
        key.close();
    }

    @Test
    void discovery_answers_with_the_issuer() {
        HttpResponse<String> discovery = client("basic").get("/.well-known/openid-configuration");

        assertThat(discovery.statusCode()).isEqualTo(200);
        assertThat(discovery.body())
                .contains(
                        "\"issuer\":\"" + server.url() + "\"",
                        "\"device_authorization_endpoint\":\"" + server.url() + "/oauth2/device_authorization\"",
                        "\"code_challenge_methods_supported\":[\"S256\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "post", "jwt", "public"})
    void a_login_ends_with_tokens(String id) throws GeneralSecurityException {
        HttpResponse<String> tokens = client(id).tokens(codeFor(id), PlainClient.VERIFIER);

        assertThat(tokens.statusCode()).as(tokens.body()).isEqualTo(200);
        assertThat(tokens.body())
                .contains("\"access_token\":\"", "\"token_type\":\"Bearer\"")
                .containsPattern("\"expires_in\":7[67]\\b");
        assertThat(signedClaims(member(tokens.body(), "id_token")))
                .contains(
                        "\"iss\":\"" + server.url() + "\"",
                        "\"aud\":\"" + id + "\"",
                        "\"sub\":\"ada\"",
                        "\"nonce\":\"a-nonce\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "public"})
    void a_wrong_verifier_is_refused(String id) {
        HttpResponse<String> refused = client(id).tokens(codeFor(id), PlainClient.VERIFIER.replace('d', 'e'));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("\"error\":\"invalid_grant\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "public"})
    void a_login_without_pkce_is_refused(String id) {
        URI answer = new AuthorizationServerPerson().answerAt(client(id).authorizationUrlWithoutPkce(), "approve");

        assertThat(answer.getQuery()).contains("error=invalid_request", "code_challenge");
    }

    @Test
    void a_code_counts_once() {
        String code = codeFor("basic");
        assertThat(client("basic").tokens(code, PlainClient.VERIFIER).statusCode())
                .isEqualTo(200);

        assertThat(client("basic").tokens(code, PlainClient.VERIFIER).body()).contains("\"error\":\"invalid_grant\"");
    }

    @Test
    void a_denied_consent_is_told_to_the_client() {
        URI answer = new AuthorizationServerPerson()
                .answerAt(client("basic").authorizationUrl(PlainClient.REDIRECT_URI), "deny");

        assertThat(answer.toString())
                .startsWith(PlainClient.REDIRECT_URI)
                .contains("error=access_denied", "state=a-state");
    }

    @Test
    void a_redirect_uri_is_refused_until_it_is_allowed() {
        String late = "http://localhost:7777/oauth/late/callback";
        URI url = client("basic").authorizationUrl(late);
        assertThat(new AuthorizationServerPerson().open(url).statusCode()).isEqualTo(400);

        server.allow(late);

        assertThat(new AuthorizationServerPerson().answerAt(url, "approve").toString())
                .startsWith(late + "?code=");
    }

    @Test
    void a_client_with_another_key_is_refused() {
        try (ClientKey another = new ClientKey()) {
            HttpResponse<String> refused = new PlainClient("jwt", server, another).refresh("any");

            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("\"error\":\"invalid_client\"");
        }
    }

    @Test
    void userinfo_knows_whose_token_it_is() {
        PlainClient client = client("basic");
        String token = member(loggedIn("basic"), "access_token");

        assertThat(client.get("/userinfo", "Authorization", "Bearer " + token).body())
                .contains("\"sub\":\"ada\"", "\"email\":\"ada@server.example\"");
        assertThat(client.get("/userinfo", "Authorization", "Bearer wrong").statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_refresh_token_rotates() {
        String first = member(loggedIn("basic"), "refresh_token");

        String refreshed = client("basic").refresh(first).body();

        assertThat(member(refreshed, "refresh_token")).isNotEqualTo(first);
        assertThat(client("basic").refresh(first).body()).contains("\"error\":\"invalid_grant\"");
    }

    @Test
    void a_revoked_refresh_token_is_refused() {
        String token = member(loggedIn("basic"), "refresh_token");

        assertThat(client("basic").revoke(token).statusCode()).isEqualTo(200);

        assertThat(client("basic").refresh(token).body()).contains("\"error\":\"invalid_grant\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "post", "jwt"})
    void a_device_gets_tokens_once_it_is_let_in(String id) {
        String device = client(id).device("profile email").body();
        String code = member(device, "device_code");
        assertThat(client(id).deviceTokens(code).body()).contains("\"error\":\"authorization_pending\"");

        assertThat(verify(device, "approve").body()).contains("Go back to your device");

        HttpResponse<String> tokens = client(id).deviceTokens(code);
        assertThat(tokens.statusCode()).as(tokens.body()).isEqualTo(200);
        assertThat(tokens.body()).contains("\"access_token\":\"", "\"refresh_token\":\"");
    }

    @Test
    void a_device_that_is_not_let_in_is_told() {
        String device = client("basic").device("profile email").body();

        verify(device, "deny");

        assertThat(client("basic").deviceTokens(member(device, "device_code")).body())
                .contains("\"error\":\"access_denied\"");
    }

    private static PlainClient client(String id) {
        return new PlainClient(id, server, key);
    }

    private static String codeFor(String id) {
        URI answer = new AuthorizationServerPerson()
                .answerAt(client(id).authorizationUrl(PlainClient.REDIRECT_URI), "approve");
        Matcher code = Pattern.compile("code=([^&]*)&state=a-state").matcher(answer.getQuery());
        assertThat(code.matches()).as(answer.toString()).isTrue();
        return code.group(1);
    }

    private static String loggedIn(String id) {
        return client(id).tokens(codeFor(id), PlainClient.VERIFIER).body();
    }

    private static HttpResponse<String> verify(String device, String decision) {
        return new AuthorizationServerPerson()
                .verify(URI.create(member(device, "verification_uri")), member(device, "user_code"), decision);
    }

    /** The claims of a JWT, which the server's published key has signed. */
    private static String signedClaims(String jwt) throws GeneralSecurityException {
        String jwkSet = client("basic").get("/oauth2/jwks").body();
        String[] parts = jwt.split("\\.");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(number(member(jwkSet, "n")), number(member(jwkSet, "e")))));
        signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        return new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    }

    private static BigInteger number(String base64url) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64url));
    }

    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(json);
        assertThat(matcher.find()).as(name + " in " + json).isTrue();
        return matcher.group(1);
    }
}
