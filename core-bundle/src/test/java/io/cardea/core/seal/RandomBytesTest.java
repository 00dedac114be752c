package io.cardea.core.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomBytesTest {

    private final RandomBytes random = new RandomBytes();

    @Test
    void no_bytes_are_given_twice_over_many_blocks_and_threads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<List<String>> many = () -> IntStream.range(0, 20_000)
                    .mapToObj(i -> Base64.getEncoder().encodeToString(random.next(24)))
                    .toList();
            Set<String> seen = new HashSet<>();
            for (Future<List<String>> drawn : threads.invokeAll(Collections.nCopies(8, many))) {
                seen.addAll(drawn.get());
            }
            assertThat(seen).hasSize(160_000);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_draw_that_the_rest_of_a_block_is_too_short_for_is_random_to_its_end() {
        byte[] sum = new byte[100];
        for (int draw = 0; draw < 200; draw++) {
            byte[] bytes = random.next(100);
            for (int i = 0; i < bytes.length; i++) {
                sum[i] |= bytes[i];
            }
        }

        assertThat(sum).containsOnly(0xff);
    }

    @Test
    void a_whole_block_can_be_drawn() {
        assertThat(random.next(4096)).hasSize(4096);
    }
}
