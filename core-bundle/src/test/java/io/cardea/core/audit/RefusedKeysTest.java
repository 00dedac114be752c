package io.cardea.core.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class RefusedKeysTest {

    private final List<String> lines = new ArrayList<>();
    private final Queue<Runnable> inAMinute = new ArrayDeque<>();
    private final RefusedKeys keys = new RefusedKeys(entry -> lines.add(told(entry)), inAMinute::add);

    private static String told(AuditEntry entry) {
        try {
            var line = new ObjectMapper().readTree(new String(entry.line(), UTF_8));
            return line.path("remote_address").asText()
                    + (line.has("count") ? " of " + line.path("count").asText() : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuse(int number) {
        keys.add(new AuditEntry(Instant.EPOCH, "key.refused").with("remote_address", "number " + number));
    }

    private void refuse(int from, int to) {
        for (int number = from; number <= to; number++) {
            refuse(number);
        }
    }

    private void minutesPass(int minutes) {
        for (int i = 0; i < minutes && !inAMinute.isEmpty(); i++) {
            inAMinute.remove().run();
        }
    }

    @Test
    void a_few_are_lines_of_their_own_at_once() {
        refuse(1, 20);

        assertThat(lines).hasSize(20).startsWith("number 1", "number 2").endsWith("number 20");
    }

    @Test
    void of_many_the_last_tells_each_minute_how_many_they_were() {
        refuse(1, 1_000);
        assertThat(lines).hasSize(20);
        minutesPass(1);
        assertThat(lines).hasSize(21).endsWith("number 1000 of 980");

        refuse(1_001, 1_003);
        minutesPass(1);
        assertThat(lines).hasSize(22).endsWith("number 1003 of 3");
    }

    @Test
    void however_many_there_are_they_are_a_line_a_minute() {
        for (int minute = 0; minute < 1_000; minute++) {
            refuse(1, 100);
            minutesPass(1);
        }

        assertThat(lines).hasSize(20 + 1_000);
    }

    @Test
    void after_a_while_a_few_are_lines_of_their_own_again() {
        refuse(1, 100);
        minutesPass(4);
        lines.clear();
        refuse(101, 110);
        assertThat(lines).containsExactly("number 101", "number 102", "number 103");

        minutesPass(100);
        assertThat(inAMinute).isEmpty();
        lines.clear();
        refuse(201, 230);
        assertThat(lines).hasSize(20);
    }

    @Test
    void what_was_not_told_is_told_at_the_end() {
        refuse(1, 30);
        keys.close();
        assertThat(lines).hasSize(21).endsWith("number 30 of 10");

        minutesPass(1);
        assertThat(inAMinute).as("nobody waits for nothing").isEmpty();
        assertThat(lines).hasSize(21);
    }
}
