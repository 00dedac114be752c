package io.cardea.core.imports;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.connection.ConnectionService;
import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.Stages;
import io.cardea.core.registry.ProviderServices;
import io.cardea.core.vault.MemoryStore;
import io.cardea.core.vault.StoredConnection;
import io.cardea.core.vault.TestVault;
import io.cardea.core.vault.Vault;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Imported;
import io.cardea.oauth.OAuthError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/** A home folder with the files of other programs, and a vault for what is in them. */
final class ImportSetup implements AutoCloseable {

    final InstantSource clock = InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z"));
    final EventLog events = new EventLog();
    final ProviderServices services;
    final ConnectionService connections;
    final Map<String, String> variables = new HashMap<>();
    private final Vault vault = TestVault.of(new MemoryStore());
    private final ImportService imports;
    private final Path home;

    ImportSetup(BundleContext context, Path home) {
        this.home = home;
        services = new ProviderServices(context);
        connections = new ConnectionService(services.registry(), vault, events);
        imports = new ImportService(connections, new Environment(home, variables), clock);
    }

    /** Writes a file below the home folder; apostrophes stand for quotation marks. */
    Path write(String file, String json) throws IOException {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, json.replace('\'', '"'));
    }

    /** A JWT that nobody has signed. */
    static String jwt(String claims) {
        return base64("{'alg':'RS256'}") + "." + base64(claims) + "." + base64("signature");
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.replace('\'', '"').getBytes(UTF_8));
    }

    Imported imported(String provider) {
        return Stages.await(imports.importFrom(provider, Optional.empty(), "default"));
    }

    Imported imported(String provider, Path file) {
        return Stages.await(imports.importFrom(provider, Optional.of(file), "default"));
    }

    String refusal(String provider) {
        return refusal(provider, Optional.empty(), "default");
    }

    String refusal(String provider, Optional<Path> file, String connection) {
        return Stages.failure(imports.importFrom(provider, file, connection), OAuthError.INVALID_REQUEST)
                .getMessage();
    }

    StoredConnection stored(String provider) {
        return vault.read(new ConnectionKey(provider, "default")).orElseThrow();
    }

    boolean isEmpty() {
        return vault.list().isEmpty();
    }

    @Override
    public void close() {
        services.close();
    }
}
