package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cardea.core.access.ApiKey;
import io.cardea.oauth.provider.ProviderDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static List<String> found(String pattern, String text) {
        List<String> all = Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(one -> one.group(1))
                .toList();
        assertThat(all).as(pattern).isNotEmpty();
        return all;
    }

    @Test
    void every_file_that_the_readme_links_to_exists() throws IOException {
        for (String link : found("\\]\\(([^)#:]+)\\)", Files.readString(README))) {
            assertThat(README.resolveSibling(link)).exists();
        }
    }

    @Test
    void the_settings_in_the_readme_are_those_of_the_shipped_configuration() throws IOException {
        String shipped = Files.readString(Path.of("../distribution/src/main/cardea/conf/cardea.properties"));

        assertThat(found("(?m)^\\| `(CARDEA_[A-Z_]+)` \\|", Files.readString(README)))
                .containsExactlyInAnyOrderElementsOf(found("(?m)^#(CARDEA_[A-Z_]+)=", shipped));
    }

    @Test
    void the_keys_of_a_provider_in_the_readme_are_those_that_are_known() throws IOException {
        String readme = Files.readString(README);
        String rows =
                readme.substring(readme.indexOf("| key | meaning |"), readme.indexOf("An unknown key or a bad value"));
        List<String> keys = new ArrayList<>();
        rows.lines()
                .filter(row -> row.startsWith("| `"))
                .forEach(row -> Pattern.compile("`([a-z_]+(?:\\.<name>)?)`")
                        .matcher(row.split("\\|", 3)[1])
                        .results()
                        .forEach(key -> keys.add(key.group(1))));
        Throwable refusal = catchThrowable(() -> ProviderDefinition.named("x").set("unlike_any_other", ""));
        String known = refusal.getMessage().substring(refusal.getMessage().indexOf("known are ") + 10);

        assertThat(keys).containsExactlyInAnyOrder(known.split(", "));
    }

    @Test
    void the_actions_in_the_readme_are_those_that_a_key_can_be_limited_to() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf("Actions are ");

        assertThat(found("`([a-z]+)`", readme.substring(begin, readme.indexOf(';', begin))))
                .containsExactlyElementsOf(ApiKey.ACTIONS);
    }

    @Test
    void no_row_of_a_table_stands_alone() throws IOException {
        String before = "";
        for (String line : Files.readAllLines(README)) {
            if (line.startsWith("|") && !before.startsWith("|")) {
                assertThat(line).as("the first row of a table").matches("\\| (request|key|folder|setting) \\|.*");
            }
            before = line;
        }
    }
}
