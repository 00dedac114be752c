package io.cardea.core.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.ManualTimer;
import io.cardea.core.fixture.Osgi;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** A configuration that seems to be a provider's, and is nobody's, is told of. */
class UnreadConfigurationsTest {

    private static final Map<String, Object> PROVIDERS = Map.of("client_id", "the-client", "client_secret", "hunter2");

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final List<Configuration> configurations = new ArrayList<>();
    private final List<ComponentDescriptionDTO> components = new ArrayList<>();
    private final ManualTimer timer = new ManualTimer();
    private final UnreadConfigurations unread = new UnreadConfigurations(
            osgi.context(),
            Optional.of("file:/d/"),
            only(
                    ConfigurationAdmin.class,
                    (self, method, arguments) -> configurations.stream()
                            .filter(one -> matches((String) arguments[0], one.getPid()))
                            .toArray(Configuration[]::new)),
            only(ServiceComponentRuntime.class, (self, method, arguments) -> components),
            "io.cardea.provider.defined"::equals,
            timer);

    @AfterEach
    void nothingIsRepeated() {
        assertThat(log.text()).doesNotContain("hunter2", "the-client");
    }

    private static boolean matches(String filter, String pid) {
        try {
            return FrameworkUtil.createFilter(filter).matches(Map.of(Constants.SERVICE_PID, pid));
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static <T> T only(Class<T> type, InvocationHandler does) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, does));
    }

    @SuppressWarnings("unchecked")
    private void written(String pid, Map<String, Object> properties) {
        Dictionary<String, Object> all = new Hashtable<>(properties);
        int tilde = pid.indexOf('~');
        configurations.add(only(Configuration.class, (self, method, arguments) -> switch (method.getName()) {
            case "getProperties" -> all;
            case "getPid" -> pid;
            case "getFactoryPid" -> tilde < 0 ? null : pid.substring(0, tilde);
            default -> throw new UnsupportedOperationException(method.getName());
        }));
        unread.configurationEvent(new ConfigurationEvent(
                only(ServiceReference.class, (self, method, arguments) -> null),
                ConfigurationEvent.CM_UPDATED,
                null,
                pid));
    }

    private void component(String... pids) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.configurationPid = pids;
        components.add(component);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.cardea.providr~acme",
                "io.cardea.provider.acme",
                "io.cardea.provider-acme",
                "acme",
                "provider~acme",
                "cardea-provider-acme"
            })
    void one_that_nobody_reads_is_warned_of_with_the_name_that_it_should_have(String pid) {
        component("io.cardea.provider");
        component("io.cardea.core.registry.ProviderRegistry", "io.cardea.provider.github");
        written(pid, PROVIDERS);
        timer.next();

        assertThat(log.text())
                .contains("WARN")
                .containsOnlyOnce("No component reads " + pid + ".cfg, so it has no effect. ")
                .contains("A provider that is only data is configured in io.cardea.provider~acme.cfg, ")
                .contains("one with a bundle in io.cardea.provider.acme.cfg, while its bundle is here");
    }

    @Test
    void one_whose_provider_is_here_is_told_the_very_name() {
        component("io.cardea.provider.github");
        written("cardea.provider.github", Map.of("felix.fileinstall.filename", "file:/d/cardea.provider.github.cfg"));
        timer.next();

        assertThat(log.text())
                .contains("No component reads cardea.provider.github.cfg, so it has no effect. The provider github is"
                        + " configured in io.cardea.provider.github.cfg");
    }

    @ParameterizedTest
    @CsvSource({
        "cardea.provider~acme, cardea.provider~acme.cfg",
        "org.example.acme, org.example.acme.cfg",
        "io.cardeaplus~acme, io.cardeaplus-acme.cfg",
        "a)(b*, a)(b*.cfg"
    })
    void whatever_stands_in_the_deploy_folder_is_looked_at(String pid, String file) {
        written(pid, Map.of("key", "hunter2", "felix.fileinstall.filename", "file:/d/" + file));
        timer.next();

        assertThat(log.text()).contains("WARN", "No component reads " + file + ", so it has no effect. ");
    }

    @Test
    void a_name_that_no_provider_could_have_is_not_suggested() {
        written("io.cardea.provider.My_App", PROVIDERS);
        timer.next();

        assertThat(log.text()).contains("io.cardea.provider~<name>.cfg", "io.cardea.provider.<name>.cfg");
    }

    @Test
    void it_has_the_name_of_its_file() {
        written("acme~x", Map.of("client_id", "c", "issuer", "i", "felix.fileinstall.filename", "file:/d/acme-x.cfg"));
        timer.next();

        assertThat(log.text()).contains("No component reads acme-x.cfg, ");
    }

    @Test
    void one_that_a_component_reads_is_not_though_the_component_came_later() {
        written("io.cardea.provider~acme", PROVIDERS);
        written("io.cardea.provider.acme", PROVIDERS);
        component("x", "io.cardea.provider");
        component("io.cardea.provider.acme");
        timer.next();
        timer.next();

        assertThat(log.text()).doesNotContain("WARN");
    }

    @Test
    void one_that_is_added_to_a_definition_is_not() {
        written("io.cardea.provider.defined", PROVIDERS);
        timer.next();

        assertThat(log.text()).doesNotContain("WARN");
    }

    @Test
    void one_that_a_managed_service_reads_is_not() {
        ServiceRegistration<ManagedService> reader = osgi.context()
                .registerService(
                        ManagedService.class, properties -> {}, new Hashtable<>(Map.of(Constants.SERVICE_PID, "acme")));
        try {
            written("acme", PROVIDERS);
            timer.next();
            assertThat(log.text()).doesNotContain("WARN");
        } finally {
            reader.unregister();
        }
    }

    @Test
    void one_that_is_no_providers_is_not() {
        written("acme", Map.of("issuer", "https://as.example"));
        written("acme", Map.of("client_id", "the-client"));
        timer.next();
        timer.next();

        assertThat(log.text()).doesNotContain("WARN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.example.sso", "com.acme~login", "io.cardeaplus.x"})
    void another_bundles_from_elsewhere_is_not(String pid) {
        written(pid, PROVIDERS);
        written(pid, Map.of("key", "value", "felix.fileinstall.filename", "file:/elsewhere/" + pid + ".cfg"));
        timer.next();
        timer.next();

        assertThat(log.text()).doesNotContain("WARN");
    }

    @Test
    void one_that_has_gone_meanwhile_is_not() {
        written("acme", PROVIDERS);
        configurations.clear();
        timer.next();

        assertThat(log.text()).doesNotContain("WARN");
    }
}
