package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.http.loopback.LoopbackListener;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ProviderInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmedLoginTest {

    private static final Pattern LINK = Pattern.compile("<a [^>]*href=\"([^\"]*)\"");

    private static final String OWN_PAGE = "https://auth.example.org/cardea/";

    private final PublicUrl publicUrl = new PublicUrl(Optional.of("https://auth.example.org/cardea"), 8180);
    private final RecordedLogins core = new RecordedLogins();
    private final ListedProviders providers = new ListedProviders();
    private final ConfirmedLogin login = new ConfirmedLogin(
            providers,
            publicUrl,
            new Pages("/cardea"),
            new LoginEndpoint(core, publicUrl, new LoginCookie(publicUrl), new LoopbackListener()));

    ConfirmedLoginTest() {
        providers.here = List.of(provider("acme", Optional.empty()), provider("late", Optional.of("Set client_id.")));
    }

    private static RegisteredProvider provider(String name, Optional<String> unavailable) {
        return new RegisteredProvider(
                new ProviderInfo(
                        name,
                        "The <" + name + ">",
                        "",
                        Optional.of("client"),
                        List.of(),
                        Set.of(Flow.AUTHORIZATION_CODE),
                        true,
                        true,
                        true,
                        unavailable),
                "bundle",
                "1.0.0");
    }

    private static Exchange fromAnotherSite() {
        return new Exchange().header("Sec-Fetch-Site", "cross-site").header("Accept", "text/html,*/*;q=0.8");
    }

    private Exchange answer(Exchange exchange) throws Exception {
        login.answer("acme", exchange.request()).get().to(exchange.response());
        return exchange;
    }

    private int refusal(String provider, Exchange exchange) {
        Throwable thrown =
                catchThrowable(() -> login.answer(provider, exchange.request()).join());
        assertThat(core.begun).isEmpty();
        return Failure.of(thrown).status();
    }

    @Test
    void whoever_comes_from_another_site_is_asked_first() throws Exception {
        Exchange page = answer(fromAnotherSite());

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.answered("Content-Type")).hasValue("text/html;charset=utf-8");
        assertThat(page.text())
                .contains("Another website has sent you here", "The &lt;acme&gt;", "Go on only if you meant to")
                .doesNotContain("<acme>", "<script", "<form");
        assertThat(page.answered("Set-Cookie")).isEmpty();
        assertThat(page.answered("Location")).isEmpty();
        assertThat(page.answered("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(page.answered("Cache-Control")).hasValue("no-store");
        assertThat(page.answered("Referrer-Policy")).hasValue("no-referrer");
        assertThat(core.begun).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-site", "cross-site", "something-new"})
    void a_sibling_or_another_port_of_this_machine_is_another_site(String site) throws Exception {
        assertThat(answer(new Exchange().header("Sec-Fetch-Site", site)).status())
                .isEqualTo(200);
        assertThat(answer(new Exchange().header("Sec-Fetch-Site", site).header("Referer", OWN_PAGE))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void whoever_comes_from_our_own_page_or_from_nowhere_is_sent_off_at_once(String site) throws Exception {
        assertThat(answer(new Exchange().header("Sec-Fetch-Site", site)).status())
                .isEqualTo(302);
        assertThat(answer(new Exchange().header("Sec-Fetch-Site", site).header("Referer", "https://evil.example/"))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void a_program_that_says_nothing_of_where_it_comes_from_is_sent_off_at_once() throws Exception {
        assertThat(answer(new Exchange()).status()).isEqualTo(302);
        assertThat(answer(new Exchange().header("Sec-Fetch-Site", "").header("Referer", ""))
                        .status())
                .isEqualTo(302);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/a/page",
                "https://evil.example",
                "http://auth.example.org/",
                "https://auth.example.org:8443/",
                "https://auth.example.org.evil.example/",
                "https://auth.example.org@evil.example/",
                "http://localhost:3000/",
                "https://evil.example/?https://auth.example.org/",
                "android-app://com.example.app/",
                "about:blank",
                "not a URL"
            })
    void a_browser_that_does_not_say_which_site_is_judged_by_the_page_it_comes_from(String referer) throws Exception {
        assertThat(answer(new Exchange().header("Referer", referer)).status()).isEqualTo(200);
        assertThat(core.begun).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OWN_PAGE,
                "https://auth.example.org",
                "https://AUTH.example.org/",
                "http://localhost:8180/oauth/acme/login?x=y",
                "http://127.0.0.1:8180/",
                "http://[::1]:8180/"
            })
    void a_page_of_ours_is_known_by_any_of_our_names(String referer) throws Exception {
        assertThat(answer(new Exchange().header("Referer", referer)).status()).isEqualTo(302);
    }

    @Test
    void an_origin_tells_as_much_as_a_page() throws Exception {
        assertThat(answer(new Exchange().header("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(200);
        assertThat(answer(new Exchange().header("Origin", "null")).status()).isEqualTo(200);
        assertThat(answer(new Exchange().header("Origin", "https://auth.example.org"))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void its_one_button_is_the_same_login_asked_for_by_ourselves() throws Exception {
        String page = answer(fromAnotherSite()
                        .parameter("connection", "wo\"rk&<b>")
                        .parameter("scope", "email repo+x")
                        .parameter("return_to", "/after?a=b&c=d#e"))
                .text();

        Matcher link = LINK.matcher(page);
        assertThat(link.find()).isTrue();
        assertThat(link.group(1))
                .isEqualTo("/cardea/oauth/acme/login?connection=wo%22rk%26%3Cb%3E&amp;scope=email%20repo%2Bx"
                        + "&amp;return_to=%2Fafter%3Fa%3Db%26c%3Dd%23e");
        assertThat(link.find()).isFalse();
        assertThat(page).contains("wo&#34;rk&amp;&lt;b&gt;").doesNotContain("<b>");
    }

    @Test
    void the_connection_that_is_meant_is_named_also_when_nobody_named_it() throws Exception {
        String page = answer(fromAnotherSite()).text();

        assertThat(page).contains("<code>default</code>", "href=\"/cardea/oauth/acme/login\"");
    }

    @Test
    void a_provider_that_is_not_here_or_cannot_be_used_is_no_question() {
        assertThat(refusal("nobody", fromAnotherSite())).isEqualTo(404);
        assertThat(refusal("<b>", fromAnotherSite())).isEqualTo(404);
        assertThat(refusal("late", fromAnotherSite())).isEqualTo(503);
    }

    @Test
    void a_repeated_parameter_is_refused_as_without_the_question() {
        assertThat(refusal("acme", fromAnotherSite().parameter("connection", "a", "b")))
                .isEqualTo(400);
    }

    @Test
    void what_takes_no_page_is_no_person() {
        assertThat(refusal("acme", fromAnotherSite().header("Accept", "application/json")))
                .isEqualTo(403);
        assertThat(refusal("acme", fromAnotherSite().header("Accept", "image/png")))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/*", "application/xml,text/html"})
    void what_takes_anything_takes_a_page(String accept) throws Exception {
        assertThat(answer(fromAnotherSite().header("Accept", accept)).status()).isEqualTo(200);
        assertThat(answer(new Exchange().header("Sec-Fetch-Site", "cross-site")).status())
                .isEqualTo(200);
    }
}
