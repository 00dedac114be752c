package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.ConnectionKey;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

/** Two versions of a provider side by side, of which some new logins try out the newer one. */
class CanariesTest {

    private static final String PID = "io.cardea.canary~acme";
    private static final String OLD = "test.acme 1.9.0";
    private static final String NEW = "test.acme 1.10.0";

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;
    private Bundle older;
    private Bundle newer;

    @BeforeEach
    void open() throws Exception {
        services = new ProviderServices(osgi.context());
        older = osgi.bundle("test.acme", "1.9.0");
        newer = osgi.bundle("test.acme", "1.10.0");
        services.publish(older, new TestProvider("acme"), 0);
        services.publish(newer, new TestProvider("acme"), 0);
    }

    @AfterEach
    void close() throws Exception {
        older.uninstall();
        newer.uninstall();
        services.close();
    }

    private void configure(String key, Object value) {
        services.canaries()
                .updated(PID, new Hashtable<>(Map.of(key, value, "service.pid", PID, ":cardea:file", "a.cfg")));
    }

    private String login(String connection) {
        return await(services.registry()
                .callForLogin(
                        new ConnectionKey("acme", connection),
                        provider -> CompletableFuture.completedFuture(provider.plugin())));
    }

    private long newOnes(int logins) {
        return IntStream.range(0, logins)
                .filter(login -> login("default").equals(NEW))
                .count();
    }

    @Test
    void without_a_configuration_all_go_to_the_one_that_serves() {
        assertThat(newOnes(100)).isZero();
    }

    @Test
    void a_share_of_the_new_logins_goes_to_the_newest() {
        configure("share", "20");

        // Six standard deviations to each side.
        assertThat(newOnes(2000)).isBetween(290L, 510L);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 50", "100%, 50", " 100 , 50"})
    void none_or_all_of_them(String share, long expected) {
        configure("share", share);

        assertThat(newOnes(50)).isEqualTo(expected);
    }

    @Test
    void connections_that_are_named_go_to_the_newest() {
        configure("connections", "ada, grace");

        assertThat(login("ada")).isEqualTo(NEW);
        assertThat(login("grace")).isEqualTo(NEW);
        assertThat(login("default")).isEqualTo(OLD);
    }

    @Test
    void another_provider_is_not_concerned() {
        services.canaries().updated("io.cardea.canary~other", new Hashtable<>(Map.of("share", "100")));

        assertThat(login("default")).isEqualTo(OLD);
    }

    @Test
    void without_its_configuration_it_is_over() {
        configure("share", 100);
        services.canaries().deleted(PID);

        assertThat(login("default")).isEqualTo(OLD);
    }

    @ParameterizedTest
    @CsvSource({"share, 101", "share, -1", "share, many", "share, 1.5", "percent, 10"})
    void a_mistake_is_told_by_its_key_and_leaves_all_with_the_one_that_serves(String key, String value) {
        configure("share", 100);
        configure(key, value);

        assertThat(login("default")).isEqualTo(OLD);
        assertThat(log.text()).contains("WARN").contains(PID).contains(key);
    }

    @Test
    void another_bundle_of_that_name_is_no_newer_version() throws Exception {
        Bundle stranger = osgi.bundle("test.stranger", "99.0.0");
        services.publish(stranger, new TestProvider("acme"), -100);
        configure("share", 100);

        assertThat(login("default")).isEqualTo(NEW);
        stranger.uninstall();
    }

    @Test
    void when_the_newest_is_stopped_its_share_goes_back() throws Exception {
        configure("share", 100);
        newer.stop();

        assertThat(login("default")).isEqualTo(OLD);
    }
}
