package io.cardea.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

class ProviderRegistryTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;
    private ProviderRegistry registry;
    private Bundle first;
    private Bundle second;

    @BeforeEach
    void open() throws Exception {
        services = new ProviderServices(osgi.context());
        registry = services.registry();
        first = osgi.bundle("test.first", "1.0.0");
        second = osgi.bundle("test.second", "2.0.0");
    }

    @AfterEach
    void close() throws Exception {
        first.uninstall();
        second.uninstall();
        services.close();
    }

    private String servingBundle(String name) {
        return registry.find(name).orElseThrow().pluginName();
    }

    @Test
    void a_provider_is_listed_when_it_arrives_and_no_more_when_it_leaves() {
        assertThat(registry.list()).isEmpty();

        ServiceRegistration<OAuthProvider> acme = services.publish(first, new TestProvider("acme"), 0);
        assertThat(registry.list())
                .containsExactly(new RegisteredProvider(TestProvider.info("acme", "client-1"), "test.first", "1.0.0"));
        assertThat(services.serving("acme").info().name()).isEqualTo("acme");

        acme.unregister();
        assertThat(registry.list()).isEmpty();
        assertThat(registry.find("acme")).isEmpty();
    }

    @Test
    void a_provider_leaves_with_its_bundle() throws Exception {
        services.publish(first, new TestProvider("acme"), 0);
        first.stop();

        assertThat(registry.list()).isEmpty();
        assertThat(log.text()).contains("Provider acme (test.first 1.0.0) departed");
    }

    private List<String> heard() {
        List<String> heard = new ArrayList<>();
        services.events()
                .subscribe(
                        0,
                        event -> heard.add(event.type().wireName() + " " + event.provider() + " "
                                + event.detail().orElse("")));
        return heard;
    }

    @Test
    void who_listens_hears_of_arrivals_and_departures() {
        services.publish(first, new TestProvider("acme"), 0).unregister();

        assertThat(heard())
                .containsExactly("provider.arrived acme test.first 1.0.0", "provider.departed acme test.first 1.0.0");
    }

    @Test
    void one_that_waits_has_not_arrived_until_it_takes_over() {
        ServiceRegistration<OAuthProvider> older = services.publish(first, new TestProvider("acme"), 0);
        services.publish(second, new TestProvider("acme"), 0);
        assertThat(heard()).containsExactly("provider.arrived acme test.first 1.0.0");

        older.unregister();
        assertThat(heard())
                .containsExactly(
                        "provider.arrived acme test.first 1.0.0",
                        "provider.departed acme test.first 1.0.0",
                        "provider.arrived acme test.second 2.0.0");
    }

    @Test
    void a_change_of_properties_is_neither_an_arrival_nor_a_departure() {
        services.publish(first, new TestProvider("acme"), 0).setProperties(ProviderServices.ranking(3));

        assertThat(heard()).containsExactly("provider.arrived acme test.first 1.0.0");
    }

    @Test
    void providers_are_listed_by_name() {
        services.publish(first, new TestProvider("b"), 0);
        services.publish(first, new TestProvider("c"), 9);
        services.publish(second, new TestProvider("a"), 5);

        assertThat(registry.list()).extracting(known -> known.info().name()).containsExactly("a", "b", "c");
    }

    @Test
    void nobody_serves_under_a_name_that_is_not_here() {
        services.publish(first, new TestProvider("acme"), 0);

        assertThatThrownBy(() -> services.serving("other")).isInstanceOfSatisfying(OAuthException.class, unknown -> {
            assertThat(unknown.error()).isEqualTo(OAuthError.UNKNOWN_PROVIDER);
            assertThat(unknown.provider()).hasValue("other");
        });
        assertThatThrownBy(() -> services.serving("<script>"))
                .hasMessageNotContaining("script")
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        unknown -> assertThat(unknown.provider()).isEmpty());
    }

    @Test
    void of_two_with_one_name_the_older_serves_and_the_other_takes_over() {
        ServiceRegistration<OAuthProvider> older = services.publish(first, new TestProvider("acme"), 0);
        services.publish(second, new TestProvider("acme"), 0);
        assertThat(registry.list()).hasSize(1);
        assertThat(servingBundle("acme")).isEqualTo("test.first");
        Stages.eventually(() -> log.text().contains("waits"));
        assertThat(log.text())
                .contains("WARN")
                .contains("Provider acme (test.second 2.0.0) waits, for acme (test.first 1.0.0) serves that name");

        older.unregister();
        assertThat(servingBundle("acme")).isEqualTo("test.second");
        assertThat(log.text()).contains("Provider acme (test.second 2.0.0) serves from now on");
    }

    @Test
    void of_two_with_one_name_the_higher_ranking_serves_and_the_other_takes_over() {
        services.publish(first, new TestProvider("acme"), 0);
        ServiceRegistration<OAuthProvider> higher = services.publish(second, new TestProvider("acme"), 1);
        assertThat(servingBundle("acme")).isEqualTo("test.second");
        Stages.eventually(() -> log.text().contains("waits"));
        assertThat(log.text())
                .contains("WARN")
                .contains("Provider acme (test.first 1.0.0) waits, for acme (test.second 2.0.0) serves that name");

        higher.unregister();
        assertThat(servingBundle("acme")).isEqualTo("test.first");
    }

    @Test
    void a_lower_ranking_waits_though_it_is_older_by_name_only() {
        services.publish(first, new TestProvider("acme"), 1);
        services.publish(second, new TestProvider("acme"), 0);

        assertThat(servingBundle("acme")).isEqualTo("test.first");
    }

    @Test
    void a_ranking_that_rises_changes_who_serves() {
        services.publish(first, new TestProvider("acme"), 0);
        ServiceRegistration<OAuthProvider> rising = services.publish(second, new TestProvider("acme"), -1);
        assertThat(servingBundle("acme")).isEqualTo("test.first");

        rising.setProperties(ProviderServices.ranking(1));
        assertThat(servingBundle("acme")).isEqualTo("test.second");
    }

    @Test
    void one_that_waits_leaves_without_a_trace() {
        services.publish(first, new TestProvider("acme"), 0);
        services.publish(second, new TestProvider("acme"), 0).unregister();

        assertThat(servingBundle("acme")).isEqualTo("test.first");
        assertThat(log.text()).doesNotContain("serves from now on");
    }

    @Test
    void one_bundle_may_bring_several_providers() {
        services.publish(first, new TestProvider("acme"), 0);
        ServiceRegistration<OAuthProvider> other = services.publish(first, new TestProvider("other"), 0);
        assertThat(registry.list()).hasSize(2);

        other.unregister();
        assertThat(registry.find("acme")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Acme", "-acme", "a_b", "a/b", "a b", "../x", "caf\u00e9", "a\nWARN fake", "<script>"})
    void a_provider_with_an_illegal_name_is_refused_and_the_others_stay(String name) {
        services.publish(first, new TestProvider("acme"), 0);
        services.publish(second, new TestProvider(name), 0);

        assertThat(registry.list()).hasSize(1);
        assertThat(log.text())
                .contains("A provider of test.second 2.0.0 is refused: its name must match")
                .doesNotContain("\nWARN fake");
    }

    @Test
    void a_name_may_have_63_characters() {
        services.publish(first, new TestProvider("a".repeat(63)), 0);
        services.publish(first, new TestProvider("b".repeat(64)), 0);

        assertThat(registry.list()).extracting(known -> known.info().name()).containsExactly("a".repeat(63));
    }

    @ParameterizedTest
    @ValueSource(strings = {"providers", "connections", "flows", "events"})
    void a_name_that_means_something_else_in_urls_is_refused(String name) {
        services.publish(first, new TestProvider(name), 0);

        assertThat(registry.list()).isEmpty();
        assertThat(log.text()).contains("the name " + name + " is reserved");
    }

    @Test
    void the_list_is_the_same_object_until_something_changes() {
        ServiceRegistration<OAuthProvider> acme = services.publish(first, new TestProvider("acme"), 0);
        List<RegisteredProvider> before = registry.list();
        assertThat(registry.list()).isSameAs(before);
        registry.find("acme");
        assertThat(registry.list()).isSameAs(before);

        ServiceRegistration<OAuthProvider> other = services.publish(second, new TestProvider("other"), 0);
        assertThat(registry.list()).isNotSameAs(before);
        assertThat(before).as("what a reader holds does not change").hasSize(1);

        List<RegisteredProvider> two = registry.list();
        other.unregister();
        assertThat(registry.list()).isNotSameAs(two);

        List<RegisteredProvider> one = registry.list();
        acme.setProperties(ProviderServices.ranking(3));
        assertThat(registry.list()).isNotSameAs(one);
    }
}
