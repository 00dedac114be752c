package io.cardea.core.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.CapturedLog;
import java.io.File;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.service.cm.ConfigurationAdmin;

class ConfigurationDeployerTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ConfigurationDeployer deployer = new ConfigurationDeployer(
            Optional.of(new File("/deploy")),
            (ConfigurationAdmin) Proxy.newProxyInstance(
                    ConfigurationAdmin.class.getClassLoader(),
                    new Class<?>[] {ConfigurationAdmin.class},
                    (self, method, arguments) -> {
                        throw new AssertionError(method);
                    }),
            new EventLog());

    @ParameterizedTest
    @ValueSource(strings = {"io.cardea.provider~acme.json", "acme.config"})
    void a_configuration_of_another_kind_is_told_what_it_should_be(String name) throws Exception {
        File file = new File("/deploy", name);
        assertThat(deployer.canHandle(file)).isTrue();
        deployer.install(file);
        deployer.uninstall(file);

        assertThat(log.text())
                .contains("ERROR")
                .contains(name + " is not deployed: a configuration is a .cfg file with lines of key = value, such as"
                        + " io.cardea.provider~acme.cfg");
    }

    @Test
    void what_belongs_to_others_is_left_to_them() {
        for (String file :
                List.of("/deploy/org.example.sso.cfg", "/deploy/acme.jar", "/elsewhere/acme.json", "acme.config")) {
            assertThat(deployer.canHandle(new File(file))).as(file).isFalse();
        }
    }

    @Test
    void no_other_folder_is_watched() {
        File other = new File("/deploy/org.apache.felix.fileinstall-other.cfg");
        assertThat(deployer.canHandle(other)).isTrue();
        deployer.install(other);

        assertThat(log.text()).contains("it would watch another folder");
    }
}
