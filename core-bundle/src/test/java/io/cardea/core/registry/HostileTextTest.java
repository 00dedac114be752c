package io.cardea.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.provider.ProviderInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider whose words could forge a line of a log, a page or a list is turned away. */
class HostileTextTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;

    @BeforeEach
    void open() {
        services = new ProviderServices(osgi.context());
    }

    @AfterEach
    void close() {
        services.close();
    }

    private static ProviderInfo info(String display, String description, String scope, Optional<String> unavailable) {
        return new ProviderInfo(
                "acme",
                display,
                description,
                Optional.of("client-1"),
                List.of(scope),
                Set.of(),
                true,
                true,
                true,
                unavailable);
    }

    private boolean isRefused(ProviderInfo info) {
        services.publish(new TestProvider("acme").info(info)).unregister();
        return log.text().contains("is refused");
    }

    private void assertRefused(ProviderInfo info) {
        services.publish(new TestProvider("acme").info(info));
        assertThat(services.registry().find("acme")).isEmpty();
        assertThat(services.registry().list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nWARN forged",
                "a\rb",
                "a\u0000b",
                "a\u001b[2Jb",
                "a\u007fb",
                "a\u0085b",
                "a\u202eb",
                "a\u2066b",
                "a\u200bb",
                "\ufeffa",
                "a\u00adb",
                "a\u2028b",
                "a\u2029b",
                "a\ud800b",
                "\udc00"
            })
    void wherever_it_says_it(String text) {
        assertRefused(info(text, "", "email", Optional.empty()));
        assertRefused(info("Acme", text, "email", Optional.empty()));
        assertRefused(info("Acme", "", text, Optional.empty()));
        assertRefused(info("Acme", "", "email", Optional.of(text)));
        assertThat(log.text())
                .contains("it uses control or formatting characters")
                .doesNotContain(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Acme & <Söhne>",
                "\u6771\u4eac",
                "\u05d0\u05d1",
                "\ud83d\ude00",
                "\u0645\u06cc\u200c\u062e\u0648"
            })
    void a_foreign_language_is_no_trick(String text) {
        assertThat(isRefused(info(text, text, "email", Optional.of(text)))).isFalse();
    }

    @Test
    void a_name_that_cannot_be_is_shown_without_what_it_could_do() {
        services.publish(new TestProvider("acme").info(TestProvider.info("acme\n\u001b[2JWARN forged", "client-1")));

        assertThat(log.text()).contains("\"acme??[2JWARN forged\"").doesNotContain("\u001b");
    }
}
