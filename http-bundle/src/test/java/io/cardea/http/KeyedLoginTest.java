package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.http.loopback.LoopbackListener;
import io.cardea.oauth.ApiKeys;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedLoginTest {

    private final PublicUrl publicUrl = new PublicUrl(Optional.empty(), 8180);
    private final RecordedLogins core = new RecordedLogins();
    private final ApiKeys keys =
            (key, provider, action) -> key.equals("the:k\u00e9y") && provider.equals("acme") && action.equals("login");
    private final RecordedAudit audit = new RecordedAudit();
    private final KeyedLogin login = new KeyedLogin(
            keys, audit, new LoginEndpoint(core, publicUrl, new LoginCookie(publicUrl), new LoopbackListener()));

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    private Exchange logIn(String provider, String authorization) throws Exception {
        Exchange exchange = new Exchange().header("Authorization", authorization);
        login.answer(provider, exchange.request()).get().to(exchange.response());
        return exchange;
    }

    private Failure refused(String provider, Exchange exchange) {
        Throwable thrown = catchThrowable(() -> login.answer(provider, exchange.request()));
        assertThat(core.begun).isEmpty();
        return Failure.of(thrown);
    }

    @Test
    void a_program_shows_a_key_as_ever() throws Exception {
        assertThat(logIn("acme", "Bearer the:k\u00e9y").status()).isEqualTo(302);
        assertThat(logIn("acme", "bearer the:k\u00e9y").status()).isEqualTo(302);
    }

    @Test
    void a_browser_shows_it_as_the_password_of_anybody() throws Exception {
        assertThat(logIn("acme", basic("ada:the:k\u00e9y")).status()).isEqualTo(302);
        assertThat(logIn("acme", basic(":the:k\u00e9y").replace("Basic", "BASIC"))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void who_shows_none_is_told_to_ask_for_one() throws Exception {
        Exchange exchange = new Exchange();
        refused("acme", exchange)
                .written(exchange.request(), new Pages(""), publicUrl)
                .to(exchange.response());

        assertThat(audit.refused).as("a browser's first request").isEmpty();
        assertThat(exchange.status()).isEqualTo(401);
        assertThat(exchange.answered("WWW-Authenticate")).hasValue("Basic realm=\"cardea\", charset=\"UTF-8\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer wrong",
                "Basic",
                "Basic ",
                "Basic !",
                "Basic the:key",
                "the:k\u00e9y",
                "Digest the:k\u00e9y"
            })
    void a_wrong_one_is_none(String authorization) {
        assertThat(refused("acme", new Exchange().header("Authorization", authorization))
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"the:k\u00e9y", "ada:wrong", "ada:", ":", "ada", "the:k\u00e9y:ada"})
    void the_password_is_what_counts(String pair) {
        assertThat(refused("acme", new Exchange().header("Authorization", basic(pair)))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_key_opens_the_door_it_is_for() {
        assertThat(refused("other", new Exchange().header("Authorization", "Bearer the:k\u00e9y"))
                        .status())
                .isEqualTo(401);
        assertThat(audit.refused).containsExactly("the:k\u00e9y other login 127.0.0.1");
    }

    @Test
    void what_protects_logins_is_one_of_three() {
        assertThat(LoginProtection.of(null)).isEqualTo(LoginProtection.NONE);
        assertThat(LoginProtection.of(" ")).isEqualTo(LoginProtection.NONE);
        assertThat(LoginProtection.of("none")).isEqualTo(LoginProtection.NONE);
        assertThat(LoginProtection.of("key")).isEqualTo(LoginProtection.KEY);
        assertThat(LoginProtection.of("proxy")).isEqualTo(LoginProtection.PROXY);
        assertThatThrownBy(() -> LoginProtection.of("kye"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CARDEA_LOGIN_PROTECTION")
                .hasMessageContaining("kye");
    }
}
