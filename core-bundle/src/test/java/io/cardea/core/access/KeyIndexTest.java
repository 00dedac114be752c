package io.cardea.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyIndexTest {

    private static final String HASH = "0123456789abcdef".repeat(4);

    private final KeyIndex index =
            new KeyIndex(List.of(new NamedKey(new ApiKey("ci", Set.of(), Set.of(), Instant.EPOCH), HASH)));

    private boolean accepts(String hash) {
        return index.accepts(HexFormat.of().parseHex(hash), "acme", "token");
    }

    @Test
    void a_hash_counts_to_its_last_bit_and_not_only_where_it_leads() {
        assertThat(accepts(HASH)).isTrue();
        assertThat(accepts(HASH.substring(0, 63) + "e")).isFalse();
        assertThat(accepts(HASH.substring(0, 16) + "0".repeat(48))).isFalse();
        assertThat(accepts("f" + HASH.substring(1))).isFalse();
    }

    @Test
    void the_hash_that_stands_for_nobody_opens_nothing() {
        assertThat(accepts("0".repeat(64))).isFalse();
        assertThat(KeyIndex.EMPTY.accepts(new byte[32], "acme", "token")).isFalse();
    }
}
