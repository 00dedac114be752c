package io.cardea.core.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SealerTest {

    private static final byte[] MESSAGE = "a message of some length".getBytes(UTF_8);

    private final Sealer sealer = Sealer.withKey(Sealer.randomKey());

    @Test
    void a_sealed_message_opens_at_its_place() {
        assertThat(sealer.open(sealer.seal(MESSAGE, "here"), "here")).hasValue(MESSAGE);
        assertThat(sealer.open(sealer.seal(new byte[0], "here"), "here")).hasValue(new byte[0]);
    }

    @Test
    void it_opens_at_no_other_place() {
        byte[] sealed = sealer.seal(MESSAGE, "here");

        assertThat(sealer.open(sealed, "there")).isEmpty();
        assertThat(sealer.open(sealed, "her")).isEmpty();
        assertThat(sealer.open(sealed, "")).isEmpty();
    }

    @Test
    void it_opens_with_no_other_key() {
        assertThat(Sealer.withKey(Sealer.randomKey()).open(sealer.seal(MESSAGE, "here"), "here"))
                .isEmpty();
    }

    @Test
    void one_flipped_bit_anywhere_breaks_the_seal() {
        byte[] sealed = sealer.seal(MESSAGE, "here");
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(sealer.open(flipped, "here")).as("bit " + bit).isEmpty();
        }
    }

    @Test
    void a_part_of_it_does_not_open() {
        byte[] sealed = sealer.seal(MESSAGE, "here");
        for (int length = 0; length < sealed.length; length++) {
            assertThat(sealer.open(Arrays.copyOf(sealed, length), "here"))
                    .as(length + " bytes")
                    .isEmpty();
        }
        assertThat(sealer.open(Arrays.copyOf(sealed, sealed.length + 1), "here"))
                .as("one byte more")
                .isEmpty();
    }

    @Test
    void the_message_cannot_be_seen_and_no_nonce_is_used_twice() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            byte[] sealed = sealer.seal(MESSAGE, "here");
            assertThat(new String(sealed, UTF_8)).doesNotContain("message");
            nonces.add(Arrays.toString(Arrays.copyOf(sealed, 12)));
        }
        assertThat(nonces).hasSize(1000);
    }
}
