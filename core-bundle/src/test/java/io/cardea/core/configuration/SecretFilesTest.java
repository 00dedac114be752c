package io.cardea.core.configuration;

import static io.cardea.core.fixture.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A secret that is written, changed or removed is read again by whoever refers to one. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "file modes are POSIX")
class SecretFilesTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path folder;

    private final List<String> readAgain = new CopyOnWriteArrayList<>();
    private final List<Configuration> configurations = new CopyOnWriteArrayList<>();
    private SecretFiles secrets;

    @BeforeEach
    void open() throws IOException {
        configurations.add(configuration("plain", Map.of("client_id", "c")));
        configurations.add(configuration("referring", Map.of("client_secret", "$[secret:acme]")));
        configurations.add(configuration("referring to another", Map.of("client_secret", "$[secret:other]")));
        Files.writeString(folder.resolve("acme"), "hunter2");
        Files.setPosixFilePermissions(folder.resolve("acme"), PosixFilePermissions.fromString("rw-------"));
    }

    private void start() throws IOException {
        secrets = new SecretFiles(
                only(
                        BundleContext.class,
                        (self, method, arguments) -> method.getName().equals("getProperty") ? folder.toString() : null),
                only(
                        ConfigurationAdmin.class,
                        (self, method, arguments) -> method.getName().equals("listConfigurations")
                                ? configurations.toArray(new Configuration[0])
                                : configurations.stream()
                                        .filter(one -> one.getPid().equals(arguments[0]))
                                        .findFirst()
                                        .orElseThrow()));
        eventually(() -> log.text().contains("Watching"));
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        secrets.stop();
        assertThat(log.text()).doesNotContain("hunter2");
    }

    private Configuration configuration(String name, Map<String, Object> properties) {
        return only(Configuration.class, (self, method, arguments) -> {
            if (method.getName().equals("update")) {
                readAgain.add(name);
            }
            return switch (method.getName()) {
                case "getProperties" -> new Hashtable<>(properties);
                case "getPid" -> name;
                default -> null;
            };
        });
    }

    private static <T> T only(Class<T> type, InvocationHandler does) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, does));
    }

    @Test
    void whoever_refers_to_one_reads_it_again_and_nobody_else() throws IOException {
        start();
        Files.writeString(folder.resolve("acme"), "hunter22");
        eventually(() -> !readAgain.isEmpty());

        Files.delete(folder.resolve("acme"));
        int before = readAgain.size();
        eventually(() -> readAgain.size() > before);
        assertThat(readAgain).containsOnly("referring");
    }

    @Test
    void a_configuration_that_goes_away_meanwhile_keeps_none_of_the_others_from_it() throws IOException {
        configurations.add(0, only(Configuration.class, (self, method, arguments) -> {
            if (method.getName().equals("getPid")) {
                return "gone";
            }
            throw new IllegalStateException("deleted");
        }));
        start();
        Files.writeString(folder.resolve("acme"), "hunter22");

        eventually(() -> readAgain.contains("referring"));
    }

    @Test
    void a_secret_that_others_can_read_is_warned_of() throws IOException {
        Files.setPosixFilePermissions(folder.resolve("acme"), PosixFilePermissions.fromString("rw-r--r--"));
        start();

        assertThat(log.text()).contains("Others may read or write the secret acme; run: chmod go-rwx");
    }

    @Test
    void one_that_is_for_its_owner_alone_is_not() throws IOException {
        start();

        assertThat(log.text()).doesNotContain("WARN");
    }
}
