package io.cardea.core.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    private static Arguments arguments(String... given) {
        return new Arguments("dance <with>", Set.of("provider", "file"), given);
    }

    private static void assertWrong(String what, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CommandException.class)
                .hasMessage(what + ". Usage: dance <with>")
                .hasToString(what + ". Usage: dance <with>");
    }

    @Test
    void words_and_options_come_in_any_order() {
        Arguments arguments = arguments("--provider", "a", "create", "--file=/x=y", "ci");

        assertThat(arguments.word(0)).hasValue("create");
        assertThat(arguments.word(1)).hasValue("ci");
        assertThat(arguments.word(2)).isEmpty();
        assertThat(arguments.option("provider")).hasValue("a");
        assertThat(arguments.option("file")).hasValue("/x=y");
        arguments.requireWords(2);
    }

    @Test
    void a_list_is_separated_by_commas() {
        assertThat(arguments("--provider", "a, b,c").list("provider")).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(arguments().list("provider")).isEmpty();
    }

    @Test
    void a_list_with_nothing_in_it_is_not_taken_for_everything() {
        assertWrong(
                "--provider has an empty value",
                () -> arguments("--provider", ",").list("provider"));
        assertWrong(
                "--provider has an empty value",
                () -> arguments("--provider", "a,").list("provider"));
        assertWrong(
                "--provider has an empty value",
                () -> arguments("--provider", " ").list("provider"));
        assertWrong("--provider needs a value", () -> arguments("--provider="));
        assertWrong("--provider needs a value", () -> arguments("--provider", ""));
    }

    @Test
    void what_cannot_be_meant_is_refused_with_the_usage() {
        assertWrong("There is no option --providers", () -> arguments("--providers", "a"));
        assertWrong("--provider needs a value", () -> arguments("--provider"));
        assertWrong("--provider needs a value", () -> arguments("--provider", "--file", "x"));
        assertWrong("--provider is there twice", () -> arguments("--provider", "a", "--provider", "b"));
        assertWrong("'two' is one too many", () -> arguments("one", "two").requireWords(1));
        assertWrong("The name is missing", () -> arguments().word(0, "The name"));
        assertWrong("--file has no meaning here", () -> arguments("--file", "x").requireOptions(Set.of("provider")));
    }
}
