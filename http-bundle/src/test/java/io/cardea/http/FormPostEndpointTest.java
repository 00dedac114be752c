package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormPostEndpointTest {

    private static final String COOKIE = "__Secure-cardea-login-id1";

    private final PublicUrl publicUrl = new PublicUrl(Optional.of("https://auth.example.org/cardea"), 8180);
    private final LoginCookie cookie = new LoginCookie(publicUrl);
    private final ResponseSeal seal = new ResponseSeal(InstantSource.system());
    private final RecordedLogins core = new RecordedLogins();
    private final CallbackEndpoint callback =
            new CallbackEndpoint(core, publicUrl, cookie, seal, new ListedProviders(), new Pages(publicUrl.path()));
    private final FormPostEndpoint endpoint =
            new FormPostEndpoint(callback, publicUrl, cookie, seal, new RequestBody());

    private static Exchange post(String form) {
        return new Exchange()
                .method("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form);
    }

    private Exchange answer(Exchange exchange) throws Exception {
        endpoint.answer("acme", exchange.request()).get().to(exchange.response());
        return exchange;
    }

    private int refusal(Exchange exchange) {
        Throwable thrown =
                catchThrowable(() -> endpoint.answer("acme", exchange.request()).join());
        assertThat(core.completed).isEmpty();
        return Failure.of(thrown).status();
    }

    @Test
    void with_the_cookie_the_login_ends_at_once() throws Exception {
        Exchange answer = answer(post("code=a%2Bb&state=s")
                .parameter("code", "of-the-query")
                .cookie(COOKIE, "sealed")
                .header("Sec-Fetch-Site", "same-site"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(core.completed.get(0).parameters())
                .as("those of the body alone")
                .isEqualTo(Map.of("code", List.of("a+b"), "state", List.of("s")));
        assertThat(core.completed.get(0).sealed().apply("id1")).hasValue("sealed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void without_it_another_sites_answer_is_handed_on_in_a_redirect(String site) throws Exception {
        Exchange answer = answer(post("code=the-code&state=the-state").header("Sec-Fetch-Site", site));

        assertThat(core.completed).isEmpty();
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.answered("Cache-Control")).hasValue("no-store");
        assertThat(answer.answered("Referrer-Policy")).hasValue("no-referrer");
        String location = answer.answered("Location").orElseThrow();
        assertThat(location)
                .startsWith("/cardea/oauth/acme/callback?response=")
                .doesNotContain("the-code", "the-state");

        Exchange back = new Exchange()
                .query(location.substring(location.indexOf('?') + 1))
                .cookie(COOKIE, "sealed");
        callback.answer("acme", back.request()).get().to(back.response());
        assertThat(back.status()).isEqualTo(200);
        assertThat(core.completed.get(0).parameters())
                .isEqualTo(Map.of("code", List.of("the-code"), "state", List.of("the-state")));
    }

    @Test
    void a_cookie_of_something_else_is_none() throws Exception {
        Exchange answer = answer(
                post("code=c&state=s").header("Sec-Fetch-Site", "cross-site").cookie("other", "x"));

        assertThat(answer.status()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none", ""})
    void whoever_is_no_browser_from_another_site_gets_what_a_get_without_the_cookie_gets(String site) throws Exception {
        answer(post("code=c&state=s").header("Sec-Fetch-Site", site));
        answer(post("code=c&state=s"));

        assertThat(core.completed).hasSize(2);
        assertThat(core.completed.get(0).sealed().apply("id1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data; boundary=x", ""})
    void only_a_form_is_taken(String type) {
        assertThat(refusal(post("code=c&state=s").header("Content-Type", type))).isEqualTo(415);
    }

    @Test
    void a_form_may_have_64_kib_and_what_is_handed_on_8() throws Exception {
        String long64 = "code=c&state=s&x=" + "x".repeat(64 * 1024 - 17);
        String long8 = "code=c&state=s&x=" + "x".repeat(6091);

        assertThat(answer(post(long64).cookie(COOKIE, "sealed")).status()).isEqualTo(200);
        core.completed.clear();
        assertThat(refusal(post(long64 + "x").cookie(COOKIE, "sealed"))).isEqualTo(413);
        assertThat(answer(post(long8).header("Sec-Fetch-Site", "cross-site"))
                        .answered("Location")
                        .orElseThrow())
                .hasSize("/cardea/oauth/acme/callback?response=".length() + 8 * 1024);
        assertThat(refusal(post(long8 + "x").header("Sec-Fetch-Site", "cross-site")))
                .isEqualTo(400);
    }

    @Test
    void what_is_no_form_inside_is_refused() {
        assertThat(refusal(post("code=%").cookie(COOKIE, "sealed"))).isEqualTo(400);
    }

    @Test
    void a_providers_name_cannot_lead_the_browser_elsewhere() throws Exception {
        Exchange exchange = post("code=c&state=s").header("Sec-Fetch-Site", "cross-site");
        endpoint.answer("/evil.example\r\nX: y?", exchange.request()).get().to(exchange.response());

        assertThat(exchange.answered("Location").orElseThrow())
                .startsWith("/cardea/oauth/%2Fevil.example%0D%0AX%3A%20y%3F/callback?response=");
    }
}
