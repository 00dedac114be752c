package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormTest {

    @Test
    void fields_stand_in_their_order() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("b", "1");
        fields.put("a", "2");

        assertThat(Form.encode(fields)).isEqualTo("b=1&a=2");
        assertThat(Form.encode(Map.of())).isEmpty();
    }

    @Test
    void a_blank_is_written_so_that_it_is_one_in_a_query_too() {
        assertThat(Form.encode("a b+c")).isEqualTo("a%20b%2Bc");
    }

    @Test
    void any_text_comes_back_as_it_was() {
        for (String text :
                new String[] {"", "&=?#/\\%", "+ ~*'\"<>", "caf\u00e9 \u20ac \ud83d\ude00", "\r\n\t\u0000"}) {
            assertThat(Form.encode(text)).matches("[A-Za-z0-9%._*-]*");
            assertThat(URLDecoder.decode(Form.encode(text), UTF_8)).isEqualTo(text);
        }
    }
}
