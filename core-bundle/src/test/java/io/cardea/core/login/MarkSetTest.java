package io.cardea.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkSetTest {

    @Test
    void what_was_added_is_there_and_nothing_else() {
        MarkSet marks = new MarkSet();
        Random random = new Random(1);
        for (int i = 1; i <= 100_000; i++) {
            long mark = random.nextLong();
            assertThat(marks.contains(mark)).isFalse();
            marks.add(mark);
            marks.add(mark);
            assertThat(marks.contains(mark)).isTrue();
            assertThat(marks.size()).isEqualTo(i);
        }
        Random again = new Random(1);
        for (int i = 1; i <= 100_000; i++) {
            assertThat(marks.contains(again.nextLong())).isTrue();
        }
    }

    @Test
    void numbers_that_meet_in_one_slot_are_told_apart() {
        MarkSet marks = new MarkSet();
        for (long high = 1; high <= 1000; high++) {
            marks.add(high << 32 | 0xffff_fff0L);
        }

        assertThat(marks.size()).isEqualTo(1000);
        assertThat(marks.contains(1000L << 32 | 0xffff_fff0L)).isTrue();
        assertThat(marks.contains(1001L << 32 | 0xffff_fff0L)).isFalse();
        assertThat(marks.contains(1L << 32 | 0xffff_fff1L)).isFalse();
    }

    @Test
    void an_empty_one_is_small_and_a_full_one_has_little_room_to_spare() {
        MarkSet marks = new MarkSet();
        assertThat(marks.capacity()).isEqualTo(16);
        Random random = new Random(1);
        for (int i = 1; i <= 1_000_000; i++) {
            marks.add(random.nextLong());
            assertThat(3L * marks.capacity()).isLessThanOrEqualTo(Math.max(48, 8L * i));
        }
    }
}
