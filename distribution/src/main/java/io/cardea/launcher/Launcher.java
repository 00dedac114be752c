package io.cardea.launcher;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What bin/cardea starts: one verb, and an exit code that tells how it went. */
public final class Launcher {
    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int NOT_RUNNING = 3;

    private Launcher() {}

    /**
     * Runs {@code verb}; the system property {@code cardea.home} names the folder of the distribution.
     *
     * @param args the verb and its arguments
     */
    public static void main(String[] args) {
        try {
            List<String> arguments = List.of(args);
            int code = perform(arguments.get(0), arguments.subList(1, arguments.size()));
            System.exit(code);
        } catch (Refusal e) {
            System.err.println(e.getMessage());
            System.exit(REFUSED);
        }
    }

    private static int perform(String verb, List<String> arguments) {
        if (verb.equals("version")) {
            System.out.println(version());
            return DONE;
        }
        Path home =
                Path.of(System.getProperty("cardea.home", ".")).toAbsolutePath().normalize();
        return switch (verb) {
            case "run" -> new Run(Settings.load(home, System.getenv()), arguments).perform();
            case "start" -> new Start(Settings.load(home, System.getenv()), arguments).perform();
            case "stop" -> stop(home);
            case "status" -> status(home);
            default -> throw new Refusal("Unknown verb " + verb);
        };
    }

    static String version() {
        Optional<String> version =
                Optional.ofNullable(Launcher.class.getPackage().getImplementationVersion());
        return "Cardea " + version.orElse("(unpacked)") + " on Java " + Runtime.version();
    }

    private static int status(Path home) {
        Optional<Instance.Owner> owner = Instance.find(Settings.data(home, System.getenv()));
        if (owner.isEmpty()) {
            return notRunning(System.out, home);
        }
        Optional<String> url = owner.get().url();
        System.out.println(url.map(Run::readyLine)
                .orElse("Cardea is starting (pid " + owner.get().pid() + ")"));
        return url.isPresent() ? DONE : NOT_RUNNING;
    }

    private static int stop(Path home) {
        Path data = Settings.data(home, System.getenv());
        Optional<Instance.Owner> owner = Instance.find(data);
        if (owner.isEmpty()) {
            return notRunning(System.err, home);
        }
        new Stop(data, owner.get()).perform();
        System.out.println("Cardea has stopped");
        return DONE;
    }

    private static int notRunning(PrintStream out, Path home) {
        out.println("Cardea is not running");
        try {
            Settings.load(home, System.getenv());
        } catch (Refusal e) {
            // It may be the reason why nothing was found.
            System.err.println(e.getMessage());
        }
        return NOT_RUNNING;
    }
}
