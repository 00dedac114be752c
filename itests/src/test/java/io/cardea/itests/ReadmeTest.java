package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README says what is true. */
class ReadmeTest {

    private static final Path README = Path.of("../README.md");

    @Test
    void the_provider_in_the_readme_is_the_one_that_the_tests_deploy() throws IOException {
        Matcher listing = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertThat(listing.find()).isTrue();

        assertThat(Files.readString(Path.of("src/test/java/io/cardea/itests/acme/AcmeProvider.java")))
                .endsWith(listing.group(1));
    }

    @Test
    void every_file_that_the_readme_links_to_exists() throws IOException {
        Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(README));
        while (link.find()) {
            assertThat(README.resolveSibling(link.group(1))).exists();
        }
    }

    @Test
    void every_setting_in_the_readme_is_in_the_shipped_configuration() throws IOException {
        String shipped = Files.readString(Path.of("../distribution/src/main/cardea/conf/cardea.properties"));
        Matcher setting = Pattern.compile("(?m)^\\| `(CARDEA_[A-Z_]+)` \\|").matcher(Files.readString(README));
        while (setting.find()) {
            assertThat(shipped).contains(setting.group(1));
        }
    }
}
