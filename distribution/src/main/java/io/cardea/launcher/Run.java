package io.cardea.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs Cardea in this process until it is told to stop. */
final class Run {
    private static final String SHELL = "shell";
    private static final long READY_MILLIS = 60_000;
    private static final long STOP_MILLIS = 30_000;

    private final Settings settings;
    private final List<String> groups;
    private volatile boolean ready;
    private volatile boolean ended;
    private volatile boolean signalled;

    /** With the bundles of {@code groups} besides those of the start levels. */
    Run(Settings settings, List<String> groups) {
        this.settings = settings;
        this.groups = List.copyOf(groups);
    }

    static String readyLine(String url) {
        return "Cardea is ready at " + url;
    }

    int perform() {
        new Folders().prepare(settings);
        Instance instance = Instance.own(settings.data());
        try {
            return run(instance);
        } catch (Refusal e) {
            // A signal that comes while bundles start makes some of them fail, which is nobody's fault.
            if (signalled) {
                return 0;
            }
            throw e;
        } finally {
            ended = true;
        }
    }

    private int run(Instance instance) {
        Endpoint wanted = Endpoint.of(settings);
        wanted.requireFree();
        // For conf/logback.xml, which takes a percent sign in a pattern for a conversion.
        String data = settings.data().toString();
        System.setProperty("cardea.data", data);
        System.setProperty("cardea.data.pattern", data.replace("%", "\\%"));
        // The terminal of the shell unpacks native code, which belongs where nobody else can write.
        System.setProperty("jline.tmpdir", settings.data().resolve("cache").toString());
        System.out.println(Launcher.version());
        System.out.println("  data      " + settings.data());
        System.out.println("  deploy    " + settings.deploy());

        Platform platform = new Platform(
                new FrameworkProperties(settings).toMap(),
                new BundleFolders(settings.home().resolve("bundles")),
                groupsBefore());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(platform, instance), "cardea-stop"));
        platform.start();
        int port = platform.port().orElseThrow(() -> wanted.taken("Jetty could not bind, see " + log()));
        Endpoint endpoint = new Endpoint(wanted.address(), port);
        System.out.println("  listens   " + endpoint.described());
        String providers = endpoint.await200("/oauth/providers", READY_MILLIS, platform::failure, platform::missing);
        providers = endpoint.awaitProviders(platform.providers(), platform::arrived, providers);
        System.out.println("  providers " + Endpoint.providers(providers));
        String url = settings.publicUrl(port);
        System.out.println("  log in    " + Endpoint.login(providers, url));
        instance.ready(url);
        ready = true;
        System.out.println(readyLine(url));
        platform.standBy();
        if (groups.contains(SHELL)) {
            platform.add(SHELL);
        }
        return awaitStop(platform);
    }

    /** The shell comes last, when there is something to look at. */
    private List<String> groupsBefore() {
        List<String> before = new ArrayList<>(groups);
        before.remove(SHELL);
        return before;
    }

    /** The end of every run: the exit code is 0 when a signal asked for it and all stopped in time. */
    private void stop(Platform platform, Instance instance) {
        signalled = !ended;
        if (ready) {
            ClassArchive.wanted().write();
        }
        boolean stopped = platform.stop(STOP_MILLIS);
        instance.close();
        if (!stopped) {
            System.err.println("Cardea did not stop within " + STOP_MILLIS / 1_000 + " seconds and was ended");
        }
        if (signalled || !stopped) {
            Runtime.getRuntime().halt(stopped ? 0 : 1);
        }
    }

    private static int awaitStop(Platform platform) {
        try {
            platform.awaitStop();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private Path log() {
        return settings.data().resolve("log").resolve("cardea.log");
    }
}
