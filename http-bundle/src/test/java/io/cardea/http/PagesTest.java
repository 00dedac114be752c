package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PagesTest {

    private static final String ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;";
    private static final Pattern ATTACKED = Pattern.compile("<script|<img|\"'>|&amp;(?!amp;)(?=<)");

    private final Pages pages = new Pages("/cardea");

    private static RegisteredProvider provider(
            String name, String text, Set<Flow> flows, Optional<String> unavailable) {
        return new RegisteredProvider(
                new ProviderInfo(
                        name, text, text, Optional.of("client"), List.of(), flows, true, true, true, unavailable),
                "bundle",
                "1.0.0");
    }

    private static Connection connection(Optional<String> account) {
        return new Connection(
                new ConnectionKey("acme", "work"),
                ConnectionState.ACTIVE,
                List.of("email"),
                Optional.empty(),
                Optional.of(ATTACK),
                account,
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty(),
                "0123456789abcdef");
    }

    /** Nothing of an attack is markup, and nothing at all runs in a page. */
    private static void assertHarmless(String page) {
        assertThat(page).doesNotContainPattern(ATTACKED);
        assertThat(page).doesNotContain("<script", "<style", "javascript:", " style=", " onclick", " onload");
        assertThat(page.replaceAll("&[a-z#0-9]+;", "")).doesNotContain("onerror=alert(2)>");
    }

    @Test
    void the_providers_can_be_chosen() {
        String page = pages.home(List.of(
                provider("early", "Early", Set.of(Flow.AUTHORIZATION_CODE), Optional.of("Set variable.x.")),
                provider("acme", "Acme", Set.of(Flow.AUTHORIZATION_CODE), Optional.empty()),
                provider("tv", "Tv", Set.of(Flow.DEVICE_CODE), Optional.empty()),
                provider("late", "Late", Set.of(Flow.AUTHORIZATION_CODE), Optional.of("Set client_id."))));

        assertThat(page)
                .contains("href=\"/cardea/oauth/acme/login\"", "Log in to Acme", "Set client_id.")
                .containsSubsequence("Log in to Acme", "once they are configured", "Early")
                .doesNotContain("/oauth/tv/login", "/oauth/late/login")
                .contains("href=\"/cardea/assets/cardea.css\"");
    }

    @Test
    void without_a_provider_the_page_says_what_to_do() {
        assertThat(pages.home(List.of())).contains("deploy/");
    }

    @Test
    void what_a_provider_says_of_itself_is_text_and_no_markup() {
        for (Optional<String> unavailable : List.of(Optional.<String>empty(), Optional.of(ATTACK))) {
            String page = pages.home(List.of(provider("acme", ATTACK, Set.of(Flow.AUTHORIZATION_CODE), unavailable)));

            assertHarmless(page);
            assertThat(page).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
        }
    }

    @Test
    void an_account_is_text_and_no_markup() {
        String page = pages.success(ATTACK, connection(Optional.of(ATTACK)));

        assertHarmless(page);
        assertThat(page).contains("work", "&lt;script&gt;");
    }

    @Test
    void without_an_account_the_page_names_the_connection() {
        assertThat(pages.success("Acme", connection(Optional.empty())))
                .contains("<strong>Acme</strong>.", "<code>work</code>");
    }

    @Test
    void a_failure_is_text_and_no_markup() {
        String page = pages.failure(new Failure(502, ATTACK, ATTACK, Optional.of(ATTACK)), Optional.of("1234"));

        assertHarmless(page);
        assertThat(page).contains("1234", "&lt;script&gt;");
    }

    @Test
    void a_failure_offers_another_try_where_that_makes_sense() {
        assertThat(pages.failure(
                        new Failure(502, "provider_error", "It failed.", Optional.of("acme")), Optional.empty()))
                .contains("It failed.", "href=\"/cardea/oauth/acme/login\"", "Start again");
        assertThat(pages.failure(
                        new Failure(404, "unknown_provider", "Nobody.", Optional.of("acme")), Optional.empty()))
                .doesNotContain("Start again");
        assertThat(pages.failure(new Failure(400, "invalid_request", "No.", Optional.empty()), Optional.empty()))
                .doesNotContain("Start again");
    }

    @Test
    void a_percent_sign_is_no_format() {
        assertThat(pages.failure(
                        new Failure(400, "invalid_request", "100% of %s %d %n", Optional.empty()), Optional.empty()))
                .contains("100% of %s %d %n");
    }
}
