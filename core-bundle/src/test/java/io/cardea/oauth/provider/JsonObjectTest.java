package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

    private static JsonObject parse(String json) {
        return JsonObject.parse(json.getBytes(UTF_8));
    }

    private static ProviderException refusal(String json) {
        ProviderException refusal = catchThrowableOfType(ProviderException.class, () -> parse(json));
        assertThat(refusal).as(json).isNotNull();
        assertThat(refusal.error()).isEqualTo(ProviderException.PROVIDER_ERROR);
        return refusal;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"text\"|text",
                "\"caf\u00e9 \\u20ac\"|caf\u00e9 \u20ac",
                "17|17",
                "1.5|1.5",
                "true|true",
                "\" \"|' '"
            })
    void a_value_is_read_as_text(String value, String text) {
        assertThat(parse("{\"a\":" + value + "}").text("a")).hasValue(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "[]", "[\"x\"]", "{}", "{\"b\":\"x\"}"})
    void what_is_no_text_is_absent(String value) {
        assertThat(parse("{\"a\":" + value + "}").text("a")).isEmpty();
        assertThat(parse("{\"a\":" + value + "}").text("b")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3600|3600",
                "-1|-1",
                "0|0",
                "\"3600\"|3600",
                "\" 3600 \"|3600",
                "3600.0|3600",
                "9223372036854775807|9223372036854775807"
            })
    void a_whole_number_is_read_also_when_it_is_written_as_a_string(String value, long number) {
        assertThat(parse("{\"a\":" + value + "}").number("a")).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"\"",
                "\"soon\"",
                "\"1.5\"",
                "true",
                "[1]",
                "{}",
                "9223372036854775808",
                "1e99",
                "\"1e3\""
            })
    void what_is_no_number_is_absent(String value) {
        assertThat(parse("{\"a\":" + value + "}").number("a")).isEmpty();
    }

    @Test
    void a_member_deep_inside_is_named_by_a_pointer() {
        JsonObject json = parse("{\"authed_user\":{\"token\":\"t\",\"n\":7,\"a/b\":[\"zero\",\"one\"]},\"/x\":\"y\"}");

        assertThat(json.text("/authed_user/token")).hasValue("t");
        assertThat(json.number("/authed_user/n")).hasValue(7);
        assertThat(json.text("/authed_user/a~1b/1")).hasValue("one");
        assertThat(json.text("/authed_user/missing/deeper")).isEmpty();
        assertThat(json.text("authed_user/token")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "17",
                "\"text\"",
                "[]",
                "[{}]",
                "{",
                "{]",
                "{}{}",
                "{} x",
                "{'a':1}",
                "{a:1}",
                "{\"a\":1,}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "<html>",
                "a=b&c=d",
                "\u0000"
            })
    void what_is_no_json_object_is_refused(String json) {
        refusal(json);
    }

    @Test
    void a_repeated_name_is_refused_at_any_depth() {
        refusal("{\"access_token\":\"a\",\"access_token\":\"b\"}");
        refusal("{\"a\":{\"b\":1,\"b\":1}}");
    }

    @Test
    void nesting_has_a_limit() {
        assertThat(parse("{\"a\":" + "[".repeat(19) + "]".repeat(19) + "}").text("a"))
                .isEmpty();
        refusal("{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}");
        refusal("{\"a\":".repeat(100_000));
    }

    @Test
    void bytes_that_are_no_utf_8_are_refused() {
        byte[] latin = "{\"a\":\"caf\u00e9\"}".getBytes(ISO_8859_1);

        assertThat(catchThrowableOfType(ProviderException.class, () -> JsonObject.parse(latin)))
                .isNotNull();
    }

    @Test
    void neither_a_refusal_nor_its_cause_repeats_the_answer() {
        ProviderException refusal = refusal("{\"access_token\":\"the-token\" \"refresh\"}");

        assertThat(refusal).hasMessage("the answer is not well-formed JSON").hasNoCause();
    }

    @Test
    void a_member_is_read_under_another_name() {
        JsonObject json = JsonObject.parse("{\"a\":\"x\",\"b\":{\"c\":\"y\"}}".getBytes(UTF_8));

        assertThat(json.renamed("a", "z").text("z")).hasValue("x");
        assertThat(json.renamed("a", "z").text("a")).isEmpty();
        assertThat(json.renamed("b", "z").text("/z/c")).hasValue("y");
        assertThat(json.renamed("nothing", "a").text("a")).hasValue("x");
        assertThat(json.text("a")).hasValue("x");
    }

    @Test
    void its_text_holds_no_value() {
        assertThat(parse("{\"access_token\":\"the-token\",\"b\":2}").toString()).isEqualTo("JsonObject[2 members]");
    }
}
