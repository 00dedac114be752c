package io.cardea.core.shell;

import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Imported;
import io.cardea.oauth.Imports;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code oauth:import}: takes over another program's login. */
@Component(
        service = ImportCommand.class,
        property = {"osgi.command.scope=oauth", "osgi.command.function=import"})
public final class ImportCommand {

    private final Imports imports;

    @Activate
    public ImportCommand(@Reference Imports imports) {
        this.imports = imports;
    }

    /** Called by the shell, which looks for a verb that is a word of Java's behind an underscore. */
    public String _import(String... given) {
        String providers = String.join("|", imports.providers());
        Arguments arguments = new Arguments(
                "import <" + providers + "> [--file path] [--connection name]", Set.of("file", "connection"), given);
        String provider = arguments.word(0, "The provider");
        arguments.requireWords(1);
        Optional<Path> file = arguments.option("file").map(path -> path(arguments, path));
        String connection = arguments.option("connection").orElse(ConnectionKey.DEFAULT_CONNECTION);
        return CommandException.answer(() -> told(imports.importFrom(provider, file, connection)
                .toCompletableFuture()
                .join()));
    }

    private static Path path(Arguments arguments, String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw arguments.wrong("--file is no path");
        }
    }

    private static String told(Imported imported) {
        Connection connection = imported.connection();
        return connection.key() + " is connected"
                + connection.account().map(account -> " as " + account).orElse("") + ", from " + imported.file() + "\n"
                + imported.warning();
    }
}
