package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code CARDEA_LOGIN_PROTECTION=key}, nobody begins a login without an API key. */
class KeyedLoginIT {

    @TempDir
    static Path folder;

    private static Cardea cardea;

    @BeforeAll
    static void start() {
        cardea = new Cardea(folder).with("CARDEA_LOGIN_PROTECTION", "key");
        cardea.startInForeground("demo");
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    @Test
    void a_browser_is_told_to_ask_for_a_key() {
        for (String provider : new String[] {"playground", "nobody"}) {
            HttpResponse<String> answer = cardea.get("/oauth/" + provider + "/login", "Accept", "text/html");

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .contains("Basic realm=\"cardea\", charset=\"UTF-8\"");
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(answer.body()).contains("An API key is needed");
        }
    }

    @Test
    void with_the_key_it_is_sent_off() {
        for (String authorization : new String[] {"Bearer " + cardea.apiKey(), basic(cardea.apiKey())}) {
            assertThat(cardea.get("/oauth/playground/login", "Authorization", authorization)
                            .statusCode())
                    .isEqualTo(302);
        }
    }

    @Test
    void with_a_wrong_one_it_is_not() {
        for (String authorization : new String[] {"Bearer wrong", basic("wrong"), basic("")}) {
            assertThat(cardea.get("/oauth/playground/login", "Authorization", authorization)
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void who_has_the_key_is_still_asked_whether_another_site_sent_them() {
        HttpResponse<String> page = cardea.get(
                "/oauth/playground/login",
                "Authorization",
                basic(cardea.apiKey()),
                "Accept",
                "text/html",
                "Sec-Fetch-Site",
                "cross-site");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Another website has sent you here");
    }

    @Test
    void nothing_else_needs_one_that_did_not_before() {
        assertThat(cardea.get("/oauth/providers").statusCode()).isEqualTo(200);
        assertThat(cardea.get("/").statusCode()).isEqualTo(200);
        assertThat(cardea.get("/oauth/playground/callback?code=a&state=b").statusCode())
                .isEqualTo(400);
    }

    private static String basic(String key) {
        return "Basic " + Base64.getEncoder().encodeToString(("ada:" + key).getBytes(StandardCharsets.UTF_8));
    }
}
