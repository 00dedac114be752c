package io.cardea.core.shell;

import io.cardea.core.deploy.DeploymentException;
import io.cardea.core.deploy.Deployments;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code oauth:deploy} and {@code oauth:undeploy}: what is in the deploy folder, with effect at once. */
@Component(
        service = DeployCommand.class,
        property = {"osgi.command.scope=oauth", "osgi.command.function=deploy", "osgi.command.function=undeploy"})
public final class DeployCommand {

    private final Deployments deployments;

    @Activate
    public DeployCommand(@Reference Deployments deployments) {
        this.deployments = deployments;
    }

    /** Called by the shell. */
    public String deploy(String... given) {
        Arguments arguments = new Arguments("deploy <jar|cfg>", Set.of(), given);
        String file = arguments.word(0, "The file");
        arguments.requireWords(1);
        return answer(() -> deployments.deploy(path(arguments, file)));
    }

    /** Called by the shell. */
    public String undeploy(String... given) {
        Arguments arguments = new Arguments("undeploy <file|bundle>", Set.of(), given);
        String name = arguments.word(0, "The name of the file or of the bundle");
        arguments.requireWords(1);
        return answer(() -> deployments.undeploy(name));
    }

    private static String answer(Supplier<String> verb) {
        try {
            return verb.get();
        } catch (DeploymentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }

    private static Path path(Arguments arguments, String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw arguments.wrong("'" + file + "' is no path");
        }
    }
}
