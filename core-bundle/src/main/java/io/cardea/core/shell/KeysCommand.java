package io.cardea.core.shell;

import io.cardea.core.access.ApiKey;
import io.cardea.core.access.ApiKeyRegistry;
import io.cardea.core.access.CreatedKey;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code oauth:keys}: the API keys of programs. */
@Component(
        service = KeysCommand.class,
        property = {"osgi.command.scope=oauth", "osgi.command.function=keys"})
public final class KeysCommand {

    private static final String USAGE =
            "keys [create <name> [--provider a,b] [--action token,refresh] | withdraw <name>]";
    private static final String ALL = "all";

    private final ApiKeyRegistry keys;

    @Activate
    public KeysCommand(@Reference ApiKeyRegistry keys) {
        this.keys = keys;
    }

    /** Called by the shell. */
    public String keys(String... given) {
        Arguments arguments = new Arguments(USAGE, Set.of("provider", "action"), given);
        return CommandException.answer(() -> switch (arguments.word(0).orElse("list")) {
            case "list" -> list(arguments);
            case "create" -> create(arguments);
            case "withdraw" -> withdraw(arguments);
            default -> throw arguments.wrong("'" + arguments.word(0, "") + "' is nothing to do with keys");
        });
    }

    private String list(Arguments arguments) {
        arguments.requireWords(1);
        arguments.requireOptions(Set.of());
        List<ApiKey> all = keys.list();
        if (all.isEmpty()) {
            return "There is no API key but the local one, data/keys/api-key";
        }
        Table table = new Table("NAME", "PROVIDERS", "ACTIONS", "CREATED");
        for (ApiKey key : all) {
            table.row(
                    key.name(),
                    orAll(key.providers()),
                    orAll(key.actions()),
                    key.createdAt().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        return table.toString();
    }

    private String create(Arguments arguments) {
        String name = arguments.word(1, "The name of the key");
        arguments.requireWords(2);
        CreatedKey created = keys.create(name, arguments.list("provider"), arguments.list("action"));
        return created.value() + "\nThis is the API key " + name + ", which is shown this once. Providers: "
                + orAll(created.key().providers()) + "; actions: "
                + orAll(created.key().actions());
    }

    private String withdraw(Arguments arguments) {
        String name = arguments.word(1, "The name of the key");
        arguments.requireWords(2);
        arguments.requireOptions(Set.of());
        if (!keys.withdraw(name)) {
            throw new CommandException("There is no API key called " + name);
        }
        return "The API key " + name + " opens nothing any more";
    }

    private static String orAll(Set<String> names) {
        return names.isEmpty() ? ALL : String.join(",", new TreeSet<>(names));
    }
}
