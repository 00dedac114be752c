package io.cardea.core.shell;

import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Imported;
import io.cardea.oauth.Imports;
import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
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
    private final Providers providers;

    @Activate
    public ImportCommand(@Reference Imports imports, @Reference Providers providers) {
        this.imports = imports;
        this.providers = providers;
    }

    /** Called by the shell, which looks for a verb that is a word of Java's behind an underscore. */
    public String _import(String... given) {
        String known = String.join("|", imports.providers());
        Arguments arguments = new Arguments(
                "import <" + known + "> [--file path] [--connection name]", Set.of("file", "connection"), given);
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

    private String told(Imported imported) {
        Connection connection = imported.connection();
        return connection.key() + " is connected"
                + connection.account().map(account -> " as " + account).orElse("") + ", from " + imported.file() + "\n"
                + notRefreshed(connection) + imported.warning();
    }

    /** What keeps the connection from being refreshed, as a line; empty when nothing does. */
    private String notRefreshed(Connection connection) {
        String name = connection.key().provider();
        String until = connection.expiresAt().map(end -> ", until " + end).orElse("");
        Optional<RegisteredProvider> provider = providers.find(name);
        if (provider.isEmpty()) {
            return "Its token is served while it is valid" + until
                    + ". Nothing refreshes it before the bundle of the provider, io.cardea.provider." + name
                    + ", is put into deploy/\n";
        }
        return provider.get()
                .info()
                .unavailable()
                .map(why -> "Its token is served while it is valid" + until + ", but cannot be refreshed yet. " + why
                        + "\n")
                .orElse("");
    }
}
