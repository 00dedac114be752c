package io.cardea.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.seal.Sealer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingLoginTest {

    private static final PendingLogin LOGIN = new PendingLogin(
            "the-state",
            "the-nonce",
            Optional.of("the-verifier"),
            "the-bundle 1.0.0",
            "the-server",
            "default",
            List.of("email", "profil\u00e9"),
            Optional.of("/after"),
            1_900_000_000L);

    private final Sealer sealer = Sealer.withKey(Sealer.randomKey());

    @Test
    void a_login_comes_back_as_it_went_out() {
        assertThat(PendingLogin.open(LOGIN.seal(sealer, "acme"), sealer, "acme"))
                .hasValue(LOGIN);
    }

    @Test
    void what_it_does_not_have_stays_absent() {
        PendingLogin bare = new PendingLogin(
                "s", "n", Optional.empty(), "bundle 1", "server", "default", List.of(), Optional.empty(), 1L);

        assertThat(PendingLogin.open(bare.seal(sealer, "acme"), sealer, "acme")).hasValue(bare);
    }

    @Test
    void it_opens_for_no_other_provider() {
        assertThat(PendingLogin.open(LOGIN.seal(sealer, "acme"), sealer, "acme2"))
                .isEmpty();
    }

    @Test
    void it_does_not_open_with_another_key() {
        assertThat(PendingLogin.open(LOGIN.seal(Sealer.withKey(Sealer.randomKey()), "acme"), sealer, "acme"))
                .isEmpty();
    }

    @Test
    void a_cookie_that_was_changed_anywhere_does_not_open() {
        String sealed = LOGIN.seal(sealer, "acme");
        for (int i = 0; i < sealed.length(); i++) {
            char other = sealed.charAt(i) == 'A' ? 'w' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertThat(PendingLogin.open(changed, sealer, "acme"))
                    .as("character " + i)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not base64!", "=", "AAAA", "%20", "\u00e9\u00e9\u00e9\u00e9"})
    void garbage_does_not_open(String garbage) {
        assertThat(PendingLogin.open(garbage, sealer, "acme")).isEmpty();
    }

    @Test
    void an_ordinary_login_fits_in_a_cookie_and_its_characters_need_no_quoting() {
        PendingLogin login = new PendingLogin(
                "s".repeat(32),
                "n".repeat(22),
                Optional.of("v".repeat(43)),
                "io.cardea.provider.some-service 10.20.30.SNAPSHOT",
                "d".repeat(43),
                "c".repeat(128),
                List.of("openid", "email", "profile", "offline_access"),
                Optional.of("/" + "p".repeat(511)),
                1_900_000_000L);

        // RFC 6265, section 6.1, promises 4096 bytes for name, value and attributes together.
        assertThat(login.seal(sealer, "acme")).hasSizeLessThan(3500).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void neither_state_nor_nonce_nor_verifier_is_in_its_text_or_its_cookie() {
        assertThat(LOGIN.toString()).doesNotContain("the-state", "the-nonce", "the-verifier");
        assertThat(LOGIN.seal(sealer, "acme")).doesNotContain("the-state", "the-nonce", "the-verifier");
    }
}
