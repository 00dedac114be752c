package io.cardea.core.login;

import io.cardea.core.audit.AuditLog;
import io.cardea.core.connection.ConnectionService;
import io.cardea.core.file.PrivateFolder;
import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ProviderServices;
import io.cardea.core.seal.VaultKey;
import io.cardea.core.vault.MemoryStore;
import io.cardea.core.vault.TestVault;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.CompletedLogin;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginCallback;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.OAuthProvider;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A login service with the provider acme behind it and one browser in front. */
final class LoginSetup implements AutoCloseable {

    static final Duration LIFETIME = Duration.ofSeconds(300);
    static final String REDIRECT_URI = "http://localhost:8180/oauth/acme/callback";

    final AdjustableClock clock;
    final TestProvider acme = new TestProvider("acme");
    final ProviderServices services;
    final ConnectionService connections;
    final LoginService logins;
    final AuditLog audit;
    /** The data folder, which outlives a restart. */
    final Path data = folder();

    final ServiceRegistration<OAuthProvider> registration;
    /** What the browser holds: the sealed login by its id. */
    final Map<String, String> cookies = new ConcurrentHashMap<>();

    LoginSetup(BundleContext context) {
        this(new ProviderServices(context));
    }

    LoginSetup(ProviderServices services) {
        this(services, new AdjustableClock());
    }

    LoginSetup(ProviderServices services, AdjustableClock clock) {
        this.services = services;
        this.clock = clock;
        registration = services.publish(acme);
        connections = new ConnectionService(services.registry(), TestVault.of(new MemoryStore()), services.events());
        audit = new AuditLog(data, services.events(), clock);
        logins = restarted();
    }

    /** Another service over the same providers, connections and data folder, as after a restart. */
    LoginService restarted() {
        return new LoginService(services.registry(), codeFlow(), VaultKey.of(data, new MemoryStore()));
    }

    CodeFlow codeFlow() {
        ConsumedLogins consumed = new ConsumedLogins(
                1000,
                LIFETIME,
                new PrivateFolder(data, "logins"),
                clock.instant().getEpochSecond());
        return new CodeFlow(connections, audit, consumed, LIFETIME, clock);
    }

    /** The lines of the audit log; what happens afterwards is not in it. */
    String audited() {
        try {
            audit.stop();
            Path file = data.resolve("audit.log");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of("target"), "data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LoginRequest request(String... scopes) {
        return new LoginRequest(new ConnectionKey("acme", "default"), List.of(scopes), Optional.empty(), REDIRECT_URI);
    }

    /** Begins a login in the browser; the answer is what the provider was asked to send the browser off with. */
    AuthorizationRequest begin() {
        return begin(request());
    }

    AuthorizationRequest begin(LoginRequest request) {
        BegunLogin login = Stages.await(logins.begin(request));
        cookies.put(login.id(), login.sealed());
        return acme.authorizationRequests.get(acme.authorizationRequests.size() - 1);
    }

    /** Parameters by name and value; a name that comes twice is repeated. */
    static Map<String, List<String>> parameters(String... namesAndValues) {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.merge(
                    namesAndValues[i],
                    List.of(namesAndValues[i + 1]),
                    (one, other) -> List.of(one.get(0), other.get(0)));
        }
        return parameters;
    }

    LoginCallback callback(String... namesAndValues) {
        return new LoginCallback(
                "acme", REDIRECT_URI, parameters(namesAndValues), id -> Optional.ofNullable(cookies.get(id)));
    }

    /** The browser comes back. */
    CompletionStage<CompletedLogin> complete(String... namesAndValues) {
        return logins.complete(callback(namesAndValues));
    }

    @Override
    public void close() {
        services.close();
        audited();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
