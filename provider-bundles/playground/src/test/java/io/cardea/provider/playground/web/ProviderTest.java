package io.cardea.provider.playground.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.provider.playground.Playgrounds;
import io.cardea.provider.playground.server.Parameters;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The provider and the server that it is for, over HTTP. */
class ProviderTest {

    private static final String CODE_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CODE_CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final Map<String, String> GRACE = Map.of("username", "grace", "password", "hopper");

    private final Browser browser = new Browser();
    private LocalPlayground local;
    private OAuthProvider provider;
    private String redirectUri;
    private ProviderContext context;

    @BeforeEach
    void start() throws Exception {
        local = new LocalPlayground();
        provider = Playgrounds.provider(local.playground);
        redirectUri = Playgrounds.redirectUri(local.playground);
        context = new DirectContext(HttpClient.newHttpClient(), local.clock);
    }

    @AfterEach
    void stop() throws Exception {
        local.stop();
    }

    private record DirectContext(HttpClient client, InstantSource clock) implements ProviderContext {
        @Override
        public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
            return client.sendAsync(request, BodyHandlers.ofByteArray());
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void assertRefused(String error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .cause()
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private HttpResponse<String> consentPage() throws Exception {
        URI url = URI.create(get(provider.authorizationUrl(
                new AuthorizationRequest("st&te", redirectUri, List.of(), Optional.of(CODE_CHALLENGE), "nonce"),
                context)));
        HttpResponse<String> loginPage = browser.open(url);
        assertThat(loginPage.statusCode()).isEqualTo(200);
        return browser.press(loginPage, "login", GRACE);
    }

    private Parameters callback(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(303);
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(location).startsWith(redirectUri + "?");
        return Parameters.parse(URI.create(location).getRawQuery());
    }

    private Credential login() throws Exception {
        Parameters callback = callback(browser.press(consentPage(), "approve", Map.of()));
        assertThat(callback.get("state")).contains("st&te");
        assertThat(callback.get("iss")).contains(local.url + "/playground");
        return get(provider.exchange(
                new AuthorizationCode(callback.required("code"), "st&te", redirectUri, Optional.of(CODE_VERIFIER)),
                context));
    }

    @Test
    void the_provider_says_what_it_can_do() {
        assertThat(provider.info().name()).isEqualTo("playground");
        assertThat(provider.info().displayName()).isEqualTo("Playground");
        assertThat(provider.info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.DEVICE_CODE);
        assertThat(provider.info().supportsPkce()).isTrue();
        assertThat(provider.info().supportsRevocation()).isTrue();
        assertThat(provider.info().unavailable()).isEmpty();
    }

    @Test
    void a_login_gives_a_credential_and_tells_whose_it_is() throws Exception {
        Credential credential = login();

        assertThat(credential.scopes()).containsExactly("openid", "profile", "email");
        assertThat(credential.idToken()).isPresent();
        assertThat(credential.expiresAt()).contains(local.clock.instant().plus(Duration.ofMinutes(5)));
        assertThat(get(provider.profile(credential, context)))
                .isEqualTo(new Profile(Optional.of("1906-12-09"), Optional.of("grace@playground.example"))
                        .withEmail(Optional.of("grace@playground.example")));
    }

    @Test
    void a_person_who_denies_sends_the_browser_back_with_access_denied() throws Exception {
        Parameters callback = callback(browser.press(consentPage(), "deny", Map.of()));
        assertThat(callback.get("error")).contains("access_denied");
        assertThat(callback.get("state")).contains("st&te");
    }

    @Test
    void a_credential_is_refreshed() throws Exception {
        Credential refreshed = get(provider.refresh(login(), context));
        assertThat(get(provider.profile(refreshed, context)).subject()).contains("1906-12-09");
    }

    @Test
    void an_old_credential_is_refused_and_takes_the_new_one_with_it() throws Exception {
        Credential old = login();
        Credential refreshed = get(provider.refresh(old, context));

        assertRefused("invalid_grant", () -> get(provider.refresh(old, context)));
        assertRefused("invalid_grant", () -> get(provider.refresh(refreshed, context)));
    }

    @Test
    void a_revoked_credential_is_dead() throws Exception {
        Credential credential = login();

        get(provider.revoke(credential, context));

        assertRefused("invalid_token", () -> get(provider.profile(credential, context)));
        assertRefused("invalid_grant", () -> get(provider.refresh(credential, context)));
    }

    @Test
    void a_device_is_connected() throws Exception {
        DeviceAuthorization device = get(provider.authorizeDevice(List.of("email"), context));
        assertRefused("authorization_pending", () -> get(provider.pollDevice(device, context)));

        HttpResponse<String> page =
                browser.open(URI.create(device.verificationUriComplete().orElseThrow()));
        assertThat(page.body()).contains("value=\"" + device.userCode() + "\"");
        HttpResponse<String> consent = browser.press(
                page, "login", Map.of("user_code", device.userCode(), "username", "grace", "password", "hopper"));
        assertThat(consent.body()).contains(device.userCode());
        assertThat(browser.press(consent, "approve", Map.of()).body()).contains("Your device is connected");

        local.clock.pass(Duration.ofSeconds(device.interval()));
        Credential credential = get(provider.pollDevice(device, context));
        assertThat(credential.scopes()).containsExactly("email");
    }

    @Test
    void a_denied_device_is_turned_away() throws Exception {
        DeviceAuthorization device = get(provider.authorizeDevice(List.of(), context));
        HttpResponse<String> page = browser.open(URI.create(device.verificationUri()));
        HttpResponse<String> consent = browser.press(
                page, "login", Map.of("user_code", device.userCode(), "username", "grace", "password", "hopper"));

        assertThat(browser.press(consent, "deny", Map.of()).body()).contains("Your device was turned away");

        assertRefused("access_denied", () -> get(provider.pollDevice(device, context)));
        HttpResponse<String> again = browser.press(consent, "approve", Map.of());
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("Too late");
    }
}
