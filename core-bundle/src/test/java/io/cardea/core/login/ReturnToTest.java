package io.cardea.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnToTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/after",
                "/a/b/c",
                "/a?b=c&d=e",
                "/a#b",
                "/a?next=https://elsewhere.example/",
                "/~ada/x.html",
                "/with%20space",
                "/caf%C3%A9",
                "/a//b"
            })
    void a_path_on_this_origin_is_allowed(String path) {
        assertThat(ReturnTo.isAllowed(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "e",
                "//e",
                "///e",
                "/\\e",
                "\\/e",
                "\\\\e",
                "/\t/e",
                "/\n/e",
                "/\r/e",
                "\t//e",
                " //e",
                " /e",
                "/%09/e",
                "/%0a/e",
                "/%0D%0ASet-Cookie:x",
                "/%2fe",
                "/%2Fe",
                "/%5ce",
                "/%5Ce",
                "/%00",
                "/%1f/e",
                "/%7F/e",
                "/a\\b",
                "/a\u0000b",
                "/a\u007fb",
                "/a b",
                "/\u00e9",
                "/\uff0fe",
                "/\u2028e",
                "/\ud83d\ude00",
                "https:e",
                "https://e",
                "https:/e",
                "javascript:alert(1)",
                "data:text/html,x",
                "?a=b",
                "#a",
                "../e",
                "/\"e",
                "/<e>"
            })
    void whatever_a_browser_could_read_as_more_is_refused(String path) {
        assertThat(ReturnTo.isAllowed(path)).isFalse();
    }

    @Test
    void a_path_may_have_512_characters_and_no_more() {
        assertThat(ReturnTo.isAllowed("/" + "a".repeat(511))).isTrue();
        assertThat(ReturnTo.isAllowed("/" + "a".repeat(512))).isFalse();
    }

    @Test
    void no_path_is_no_harm() {
        assertThat(ReturnTo.isAllowed(Optional.empty())).isTrue();
        assertThat(ReturnTo.isAllowed(Optional.of("//e"))).isFalse();
    }
}
