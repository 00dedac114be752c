package io.cardea.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.Connections;
import io.cardea.oauth.Providers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** The verbs of the shell, typed into the Gogo that is shipped; only its terminal is missing. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ShellIT {

    private static final Path DISTRIBUTION = Path.of(System.getProperty("cardea.distribution", "."));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Configuration
    public Option[] configuration() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "shell");
        Files.createDirectories(folder.resolve("deploy"));
        return options(
                shipped(),
                junitBundles(),
                frameworkProperty("org.osgi.service.http.port").value("0"),
                frameworkProperty("org.apache.felix.http.host").value("127.0.0.1"),
                frameworkProperty("CARDEA_DATA").value(folder.resolve("data").toString()),
                frameworkProperty("felix.fileinstall.dir")
                        .value(folder.resolve("deploy").toString()),
                frameworkProperty("org.ops4j.pax.logging.StaticLogbackFile")
                        .value(DISTRIBUTION.resolve("conf/logback.xml").toString()),
                // Where the log goes.
                systemProperty("cardea.data").value(folder.resolve("data").toString()),
                systemProperty("shell.folder").value(folder.toString()));
    }

    private static Option shipped() throws IOException {
        try (Stream<Path> jars = Files.walk(DISTRIBUTION.resolve("bundles"))) {
            return composite(jars.filter(jar -> jar.toString().endsWith(".jar"))
                    // They would read what is typed into the terminal that the tests run in.
                    .filter(jar -> !jar.getFileName().toString().contains("jline"))
                    .sorted()
                    .map(jar -> bundle("reference:" + jar.toUri()))
                    .toArray(Option[]::new));
        }
    }

    private static BundleContext context() {
        return FrameworkUtil.getBundle(ShellIT.class).getBundleContext();
    }

    private static <T> T service(Class<T> type) {
        return context().getService(context().getServiceReference(type));
    }

    /** What the shell prints after a line. */
    private String run(String line) throws Exception {
        try (CommandSession session =
                service(CommandProcessor.class).createSession(new ByteArrayInputStream(new byte[0]), out, out)) {
            return String.valueOf(session.format(session.execute(line), Converter.INSPECT));
        }
    }

    private String failure(String line) {
        // The shell shows this text and nothing else.
        String shown = assertThrows(line, Exception.class, () -> run(line)).toString();
        assertFalse(shown, shown.contains("\n") || shown.contains("io.cardea"));
        return shown;
    }

    private static void assertStarts(String start, String text) {
        assertTrue(text, text.startsWith(start));
    }

    @Test
    public void a_key_is_made_listed_and_withdrawn() throws Exception {
        String created = run("oauth:keys create ci --provider acme,github --action token,refresh");
        String key = created.lines().findFirst().orElseThrow();
        run("oauth:keys create deployment");
        ApiKeys keys = service(ApiKeys.class);
        assertTrue(created, created.endsWith("shown this once. Providers: acme,github; actions: refresh,token"));
        assertTrue(keys.accepts(key, "acme", "token"));
        assertFalse(keys.accepts(key, "acme", "revoke"));
        assertFalse(keys.accepts(key, "other", "token"));

        String[] table = run("oauth:keys").split("\n");
        assertEquals("NAME        PROVIDERS    ACTIONS        CREATED", table[0]);
        assertTrue(
                table[1], table[1].matches("ci          acme,github  refresh,token  \\d{4}-\\d\\d-\\d\\dT[0-9:]{8}Z"));
        assertStarts("deployment  all          all            2", table[2]);
        assertEquals(3, table.length);

        assertEquals("The API key ci opens nothing any more", run("oauth:keys withdraw ci"));
        assertFalse(keys.accepts(key, "acme", "token"));
        assertStarts("NAME        PROVIDERS  ACTIONS  CREATED\ndeployment", run("oauth:keys"));

        run("oauth:keys withdraw deployment");
        assertEquals("There is no API key but the local one, data/keys/api-key", run("oauth:keys"));
    }

    @Test
    public void what_goes_wrong_with_keys_is_told_in_one_line() {
        assertStarts("The name of the key is missing. Usage: keys ", failure("oauth:keys create"));
        assertStarts("'forget' is nothing to do with keys. Usage: ", failure("oauth:keys forget ci"));
        assertStarts("--provider has no meaning here. Usage: ", failure("oauth:keys --provider acme"));
        assertEquals("There is no API key called nobody", failure("oauth:keys withdraw nobody"));
        assertStarts(
                "There is no action 'tokens'; there are login, ", failure("oauth:keys create bad --action tokens"));
        assertStarts("--provider has an empty value", failure("oauth:keys create bad --provider ,"));
        assertEquals("There is no API key called bad", failure("oauth:keys withdraw bad"));
    }

    @Test
    public void the_vaults_key_is_changed_while_it_is_used() throws Exception {
        Path key = Path.of(System.getProperty("shell.folder"), "data/keys/vault-key");
        Path file = login("{\"claudeAiOauth\":{\"accessToken\":\"kept-access\",\"refreshToken\":\"kept-refresh\","
                + "\"expiresAt\":4102444800000,\"scopes\":[\"user:inference\"]}}");
        assertStarts(
                "claude-api/kept is connected", run("oauth:import claude-api --file " + file + " --connection kept"));
        String before = Files.readString(key);

        String changed = run("oauth:vaultkey change");
        assertStarts("Every credential is sealed with a new key", changed);
        assertTrue(changed, changed.contains("Copy " + key + " now"));
        assertFalse(Files.readString(key).contains(before.strip()));
        assertEquals(
                "kept-access",
                service(Connections.class)
                        .accessToken("claude-api", "kept")
                        .toCompletableFuture()
                        .get()
                        .value());
        assertEquals("What to do with it is missing. Usage: vaultkey change", failure("oauth:vaultkey"));
        assertStarts("'forget' is nothing to do with the vault's key", failure("oauth:vaultkey forget"));
    }

    private static Path login(String json) throws IOException {
        return Files.writeString(Path.of(System.getProperty("shell.folder"), "login.json"), json);
    }

    @Test
    public void a_login_is_imported_while_its_provider_is_not_configured() throws Exception {
        Path file = login("{\"github.com\":{\"user\":\"ada\",\"oauth_token\":\"gho_1\"}}");

        String told = run("oauth:import copilot --file " + file + " --connection work");

        assertStarts("copilot/work is connected as ada, from " + file + "\n", told);
        assertTrue(told, told.contains("set client_id in deploy/io.cardea.provider.copilot.cfg"));
        assertTrue(told, told.contains("Two programs must not refresh one token"));
        assertFalse(told, told.contains("gho_1"));
        assertTrue(service(Connections.class).find("copilot", "work").isPresent());
    }

    @Test
    public void what_cannot_be_imported_is_told_in_one_line() throws Exception {
        Path file = login("{\"tokens\":{\"refresh_token\":\"secret-1\"}}");

        assertEquals(file + " has no tokens.access_token", failure("oauth:import codex --file " + file));
        assertStarts("Nothing can be imported for 'github'", failure("oauth:import github"));
        assertEquals(
                "The provider is missing. Usage: import <claude-api|codex|copilot> [--file path] [--connection name]",
                failure("oauth:import"));
    }

    @Test
    public void a_configuration_makes_a_provider_before_the_verb_returns_and_goes_with_it() throws Exception {
        Path file = Files.writeString(
                Path.of(System.getProperty("shell.folder"), "io.cardea.provider~typed.cfg"),
                "authorization_endpoint=https://typed.example/authorize\ntoken_endpoint=https://typed.example/token\n"
                        + "client_id=cardea\n");

        assertEquals(
                "io.cardea.provider~typed.cfg is applied, and the provider typed is here", run("oauth:deploy " + file));
        assertTrue(service(Providers.class).find("typed").isPresent());

        assertEquals(
                "io.cardea.provider~typed.cfg is withdrawn, and deleted",
                run("oauth:undeploy io.cardea.provider~typed.cfg"));
    }

    @Test
    public void what_cannot_be_deployed_is_told_in_one_line() throws Exception {
        Path jar = Files.writeString(Path.of(System.getProperty("shell.folder"), "broken.jar"), "this is no jar");

        assertStarts("broken.jar is not deployed: it is no readable jar", failure("oauth:deploy " + jar));
        assertEquals("The file is missing. Usage: deploy <jar|cfg>", failure("oauth:deploy"));
        assertStarts("There is no nobody.jar in ", failure("oauth:undeploy nobody.jar"));
        assertEquals(
                "The name of the file or of the bundle is missing. Usage: undeploy <file|bundle>",
                failure("oauth:undeploy"));
    }
}
