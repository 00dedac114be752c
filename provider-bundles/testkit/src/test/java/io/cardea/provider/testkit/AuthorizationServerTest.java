package io.cardea.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.outbound.OutboundHttp;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthorizationServerTest {

    private static final String REDIRECT_URI = "http://localhost:8180/oauth/acme/callback";
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final ProviderContext context = OutboundHttp.standingAlone(Duration.ofSeconds(10));
    private AuthorizationServer server = new AuthorizationServer();

    @BeforeEach
    void register() {
        server.register(REDIRECT_URI);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private OAuthProvider provider() {
        return new AcmeProvider(server.configuration());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private Redirect begin(String challenge) {
        return server.open(get(provider()
                .authorizationUrl(
                        new AuthorizationRequest("s", REDIRECT_URI, List.of(), Optional.of(challenge), "n"), context)));
    }

    private AuthorizationCode code(String redirectUri, String verifier) {
        return new AuthorizationCode(begin(CHALLENGE).code(), "s", redirectUri, Optional.of(verifier));
    }

    private Credential login() {
        return get(provider().exchange(code(REDIRECT_URI, VERIFIER), context));
    }

    private void assertRefused(String error, String reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .cause()
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.error()).isEqualTo(error));
        assertThat(server.requests().get(server.requests().size() - 1).toString())
                .contains(error, reason);
    }

    private void with(AuthorizationServer other) {
        server.close();
        server = other;
        server.register(REDIRECT_URI);
    }

    @Test
    void a_login_goes_all_the_way() {
        Redirect redirect = begin(CHALLENGE);
        assertThat(redirect.parameter("state")).contains("s");
        assertThat(redirect.parameter("iss")).contains(server.url());

        Credential credential = login();
        assertThat(server.accepts(credential.accessToken())).isTrue();
        assertThat(credential.scopes()).containsExactly("openid", "email");
        assertThat(server.secrets())
                .contains(
                        credential.accessToken(), VERIFIER, credential.idToken().orElseThrow());
        assertThat(get(provider().profile(credential, context)).account()).contains("ada@acme.example");
    }

    @Test
    void a_person_may_deny() {
        server.person().denies();
        assertThat(begin(CHALLENGE).parameter("error")).contains("access_denied");
    }

    @Test
    void a_code_is_good_once_and_takes_its_tokens_along() {
        AuthorizationCode code = code(REDIRECT_URI, VERIFIER);
        Credential credential = get(provider().exchange(code, context));

        assertRefused("invalid_grant", "used before", () -> get(provider().exchange(code, context)));
        assertThat(server.accepts(credential.accessToken())).isFalse();
    }

    @Test
    void verifier_and_redirect_uri_must_be_those_of_the_login() {
        assertRefused(
                "invalid_grant",
                "code_verifier",
                () -> get(provider().exchange(code(REDIRECT_URI, VERIFIER.replace('d', 'e')), context)));
        assertRefused(
                "invalid_grant",
                "redirect_uri",
                () -> get(provider().exchange(code(REDIRECT_URI + "/", VERIFIER), context)));
    }

    @Test
    void a_refresh_token_that_comes_again_ends_the_grant() {
        Credential first = login();
        Credential second = get(provider().refresh(first, context));
        assertThat(server.acceptsRefreshToken(second.refreshToken().orElseThrow()))
                .isTrue();

        assertRefused("invalid_grant", "used before", () -> get(provider().refresh(first, context)));
        assertRefused("invalid_grant", "revoked", () -> get(provider().refresh(second, context)));
    }

    @Test
    void a_revoked_grant_is_dead() {
        Credential credential = login();
        get(provider().revoke(credential, context));
        assertThat(server.accepts(credential.accessToken())).isFalse();
        get(provider().revoke(credential, context));
    }

    @Test
    void a_device_waits_for_its_person() {
        OAuthProvider provider = provider();
        DeviceAuthorization device = get(provider.authorizeDevice(List.of(), context));
        assertRefused("authorization_pending", "not entered", () -> get(provider.pollDevice(device, context)));
        server.faults().findNextPollTooFast();
        assertRefused("slow_down", "too often", () -> get(provider.pollDevice(device, context)));

        server.person().approvesDevice(device.userCode());
        assertThat(server.accepts(get(provider.pollDevice(device, context)).accessToken()))
                .isTrue();
        assertRefused("invalid_grant", "used before", () -> get(provider.pollDevice(device, context)));
    }

    @Test
    void a_client_authenticates_by_its_method_and_no_other() {
        for (String method : List.of("none", "client_secret_basic", "client_secret_post", "private_key_jwt")) {
            with(new AuthorizationServer() {
                @Override
                protected String clientAuthentication() {
                    return method;
                }
            });
            Map<String, String> right = new LinkedHashMap<>(server.configuration());
            right.put("client_auth", method);
            assertThat(get(new AcmeProvider(right).exchange(code(REDIRECT_URI, VERIFIER), context)))
                    .isNotNull();

            String other = method.equals("client_secret_post") ? "client_secret_basic" : "client_secret_post";
            Map<String, String> wrong = new LinkedHashMap<>(server.configuration());
            wrong.put("client_auth", other);
            wrong.putIfAbsent("client_secret", "guessed");
            assertRefused(
                    "invalid_client",
                    "must authenticate by " + method,
                    () -> get(new AcmeProvider(wrong).exchange(code(REDIRECT_URI, VERIFIER), context)));
        }
    }

    @Test
    void it_is_discovered_by_its_issuer() {
        assertThat(get(context.send(
                                HttpRequest.newBuilder(URI.create(server.url() + "/.well-known/openid-configuration"))
                                        .build()))
                        .body())
                .asString()
                .contains("\"issuer\":\"" + server.url() + "\"", "\"token_endpoint\":\"" + server.url() + "/token\"");
    }

    @Test
    void a_browser_without_a_registered_redirect_uri_stays_there() {
        assertThatThrownBy(
                        () -> server.open(server.url() + "/authorize?client_id=kit-client&redirect_uri=https://evil"))
                .hasMessageContaining("not registered")
                .hasMessageContaining("https://evil");
    }
}
