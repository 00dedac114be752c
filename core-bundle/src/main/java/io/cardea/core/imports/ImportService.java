package io.cardea.core.imports;

import io.cardea.core.connection.ConnectionService;
import io.cardea.core.registry.PlainText;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Imported;
import io.cardea.oauth.Imports;
import io.cardea.oauth.OAuthException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Finds the file of another program, reads the login in it, and has it stored. */
@Component
public final class ImportService implements Imports {

    private static final int MAX_ECHO = 64;

    private final ConnectionService connections;
    private final Environment environment;
    private final List<ForeignProgram> programs;

    @Activate
    public ImportService(@Reference ConnectionService connections) {
        this(connections, Environment.ofThisProcess(), InstantSource.system());
    }

    ImportService(ConnectionService connections, Environment environment, InstantSource clock) {
        this.connections = connections;
        this.environment = environment;
        this.programs = List.of(new ClaudeCode(), new Codex(), new Copilot(clock));
    }

    @Override
    public List<String> providers() {
        return programs.stream().map(ForeignProgram::provider).toList();
    }

    @Override
    public CompletionStage<Imported> importFrom(String provider, Optional<Path> file, String connection) {
        try {
            ForeignProgram program = programOf(provider);
            ConnectionKey key = new ConnectionKey(provider, connection);
            LoginFile source = LoginFile.read(file.orElseGet(() -> found(program)));
            ForeignLogin login = program.read(source);
            return connections
                    .adopt(key, login.credential(), login.profile())
                    .thenApply(stored -> new Imported(stored, source.path(), program.warning()));
        } catch (OAuthException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ForeignProgram programOf(String provider) {
        return programs.stream()
                .filter(program -> program.provider().equals(provider))
                .findFirst()
                .orElseThrow(() -> LoginFile.refused("Nothing can be imported for '" + PlainText.of(provider, MAX_ECHO)
                        + "', only for " + String.join(", ", providers())));
    }

    private Path found(ForeignProgram program) {
        List<Path> files = program.files(environment);
        return files.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> LoginFile.refused("There is no "
                        + files.stream().map(Path::toString).collect(Collectors.joining(" or ")) + ": "
                        + program.title() + " is not logged in here. " + program.whereElse()));
    }
}
