package io.cardea.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ResponseSealTest {

    private static final byte[] ANSWER = "code=the-code&state=the-state".getBytes(UTF_8);

    private Instant now = Instant.EPOCH;
    private final ResponseSeal seal = new ResponseSeal(() -> now);

    @Test
    void what_was_sealed_opens() {
        assertThat(seal.open("acme", seal.seal("acme", ANSWER))).hasValue(ANSWER);
        assertThat(seal.open("acme", seal.seal("acme", new byte[0]))).hasValue(new byte[0]);
    }

    @Test
    void nothing_of_it_can_be_read_and_no_two_are_alike() {
        String sealed = seal.seal("acme", ANSWER);

        assertThat(sealed).matches("[A-Za-z0-9_-]+").isNotEqualTo(seal.seal("acme", ANSWER));
        assertThat(new String(Base64.getUrlDecoder().decode(sealed), UTF_8)).doesNotContain("code", "state");
    }

    @Test
    void it_opens_for_its_provider_alone() {
        assertThat(seal.open("acme2", seal.seal("acme", ANSWER))).isEmpty();
    }

    @Test
    void it_opens_for_sixty_seconds() {
        String sealed = seal.seal("acme", ANSWER);

        now = Instant.EPOCH.plusSeconds(60).minusMillis(1);
        assertThat(seal.open("acme", sealed)).isPresent();
        now = Instant.EPOCH.plusSeconds(60);
        assertThat(seal.open("acme", sealed)).isEmpty();
    }

    @Test
    void it_opens_in_the_process_that_sealed_it_alone() {
        assertThat(new ResponseSeal(() -> now).open("acme", seal.seal("acme", ANSWER)))
                .isEmpty();
    }

    @Test
    void changed_in_any_byte_it_does_not_open() {
        byte[] sealed = Base64.getUrlDecoder().decode(seal.seal("acme", ANSWER));
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] ^= 1;
            assertThat(seal.open("acme", Base64.getUrlEncoder().encodeToString(sealed)))
                    .as("byte %s", i)
                    .isEmpty();
            sealed[i] ^= 1;
        }
    }

    @Test
    void what_was_never_sealed_does_not_open() {
        String sealed = seal.seal("acme", ANSWER);
        for (String text : new String[] {"", "x", "!", "a b", sealed.substring(0, 20), sealed.substring(4), "AAAA"}) {
            assertThat(seal.open("acme", text)).as(text).isEmpty();
        }
    }
}
