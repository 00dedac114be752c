package io.cardea.core.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columns_line_up_and_no_line_ends_in_spaces() {
        Table table = new Table("NAME", "ACTIONS", "CREATED")
                .row("ci", "refresh,token", "now")
                .row("deployment", "all", "");

        assertThat(table).hasToString("""
                NAME        ACTIONS        CREATED
                ci          refresh,token  now
                deployment  all""");
    }

    @Test
    void a_letter_that_takes_two_chars_is_one_wide() {
        assertThat(new Table("A", "B").row("\ud835\udd38", "x")).hasToString("A  B\n\ud835\udd38  x");
    }
}
