package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.configuration.ConfiguredProvider;
import io.cardea.core.file.PrivateFolder;
import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.HostileServer;
import io.cardea.core.fixture.ManualTimer;
import io.cardea.core.registry.ProviderServices;
import io.cardea.core.seal.VaultKey;
import io.cardea.core.vault.MemoryStore;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.Connection;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.OAuthProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A login service whose provider acme, made of configuration alone, is a server that may misbehave. */
final class HostileSetup implements AutoCloseable {

    final AdjustableClock clock = new AdjustableClock();
    final HostileServer server = new HostileServer(clock);
    final LoginSetup setup;
    /** Polls; another one after a restart. */
    ManualTimer timer = new ManualTimer();
    /** Forgets logins that are over. */
    ManualTimer forgetting = new ManualTimer();
    /** What becomes of the files of logins without a browser. */
    volatile PrivateFolder.Steps steps = PrivateFolder.Steps.ALL_WELL;

    VaultKey vaultKey;
    /** Logins without a browser, over the same providers and connections. */
    FlowService flows;

    private ServiceRegistration<OAuthProvider> registration;

    HostileSetup(BundleContext context) throws IOException {
        setup = new LoginSetup(new ProviderServices(context, clock), clock);
        registration = setup.registration;
        configure(Map.of());
        restart();
    }

    /** Another service for logins without a browser, over the same data folder; to the one of before nothing happens. */
    void restart() {
        timer = new ManualTimer();
        forgetting = new ManualTimer();
        vaultKey = VaultKey.of(setup.data, new MemoryStore());
        PrivateFolder folder = new PrivateFolder(setup.data, flowFolder(), (step, file) -> steps.before(step, file));
        flows = new FlowService(
                setup.services.registry(),
                setup.codeFlow(),
                new DevicePolling(setup.services.registry(), setup.connections, setup.audit, timer),
                vaultKey,
                new FlowTable(1000, clock, new FlowFiles(folder, vaultKey), forgetting),
                new InterruptedFlows(setup.connections, setup.audit),
                timer);
    }

    Path flowFolder() {
        return setup.data.resolve("flows");
    }

    /** The files of logins without a browser. */
    List<Path> flowFiles() {
        try (Stream<Path> files = Files.list(flowFolder())) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Configures the provider anew; what is given wins over {@link HostileServer#settings}, and "" takes it away. */
    void configure(Map<String, String> changes) {
        Map<String, Object> settings = new LinkedHashMap<>(server.settings());
        settings.putAll(changes);
        settings.values().removeIf(""::equals);
        settings.put("service.pid", "io.cardea.provider~acme");
        replace(new ConfiguredProvider(settings));
    }

    /** Publishes a provider in place of the one of before. */
    void replace(OAuthProvider provider) {
        withdraw();
        registration = setup.services.publish(provider);
    }

    void withdraw() {
        try {
            registration.unregister();
        } catch (IllegalStateException already) {
            // The test has withdrawn it.
            return;
        }
    }

    /** Begins a login in the browser. */
    URI begin(String... scopes) {
        BegunLogin login = await(setup.logins.begin(LoginSetup.request(scopes)));
        setup.cookies.put(login.id(), login.sealed());
        return URI.create(login.authorizationUrl());
    }

    /** Begins a login; the answer is what the browser brings back from it. */
    Map<String, String> consent() {
        return server.consent(begin());
    }

    CompletionStage<CompletedLogin> complete(Map<String, String> parameters) {
        return setup.complete(parameters.entrySet().stream()
                .flatMap(one -> Stream.of(one.getKey(), one.getValue()))
                .toArray(String[]::new));
    }

    /** The whole login. */
    Connection logIn() {
        return await(complete(consent())).connection();
    }

    /** Logs in, in vain: nothing is stored, and whatever the server did, the code was shown to it at most once. */
    OAuthException refusedLogin(OAuthError error) {
        OAuthException failure = failure(complete(consent()), error);
        assertNothingStored();
        assertThat(server.requests("/token")).hasSizeLessThanOrEqualTo(1);
        return failure;
    }

    /** A login that is refused without a word to the token endpoint. */
    void assertRefusedUnasked(CompletionStage<CompletedLogin> completion) {
        failure(completion, OAuthError.INVALID_REQUEST);
        assertThat(server.requests("/token")).isEmpty();
        assertNothingStored();
    }

    void assertNothingStored() {
        assertThat(setup.connections.list()).isEmpty();
    }

    /** Nothing that a stranger could use, wherever it was said. */
    void assertNoSecretIn(CapturedLog log) {
        assertThat(log.text())
                .doesNotContain(
                        "the-code",
                        "the-access-token",
                        "the-refresh-token",
                        HostileServer.SECRET,
                        HostileServer.DEVICE_CODE,
                        "eyJ");
        setup.cookies.values().forEach(cookie -> assertThat(log.text()).doesNotContain(cookie));
    }

    @Override
    public void close() {
        // First: whoever it has kept waiting need not be waited for.
        server.close();
        setup.close();
    }
}
