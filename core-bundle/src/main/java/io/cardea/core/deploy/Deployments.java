package io.cardea.core.deploy;

import io.cardea.core.file.PrivateFolder;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.Providers;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts files into the deploy folder and takes them out, with effect at once: when the folder is scanned the next time, there
 * is nothing left to do. A jar that does not run does not get there, so that a restart finds the one before.
 */
@Component(service = Deployments.class)
public final class Deployments {

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
    private static final String JAR = ".jar";
    private static final String CONFIGURATION = ".cfg";
    private static final String PROVIDER = "io.cardea.provider";
    private static final Duration LONGEST_ARRIVAL = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 5;

    private final Optional<Path> folder;
    private final BundleDeployer bundles;
    private final ConfigurationDeployer configurations;
    private final Providers providers;
    private final Executor later;

    @Activate
    public Deployments(
            BundleContext context,
            @Reference BundleDeployer bundles,
            @Reference ConfigurationDeployer configurations,
            @Reference Providers providers) {
        this(
                Optional.ofNullable(context.getProperty("CARDEA_DEPLOY"))
                        .or(() -> Optional.ofNullable(context.getProperty("felix.fileinstall.dir")))
                        .map(Path::of),
                bundles,
                configurations,
                providers,
                CompletableFuture.delayedExecutor(
                        2,
                        TimeUnit.SECONDS,
                        task -> DaemonThreads.thread(task, "deploy").start()));
    }

    /** @param later when FileInstall has seen the files that are in its folder now */
    Deployments(
            Optional<Path> folder,
            BundleDeployer bundles,
            ConfigurationDeployer configurations,
            Providers providers,
            Executor later) {
        this.folder = folder;
        this.bundles = bundles;
        this.configurations = configurations;
        this.providers = providers;
        this.later = later;
    }

    /**
     * Deploys a jar or a configuration under its own name, in place of what has that name. Returns when it has taken effect.
     *
     * @return what runs now, in a sentence
     * @throws DeploymentException when it does not; of a jar all is then as before, a configuration stays as it was copied
     */
    public String deploy(Path source) {
        String name = String.valueOf(source.getFileName());
        if (name.startsWith(".") || !(name.endsWith(JAR) || name.endsWith(CONFIGURATION))) {
            throw new DeploymentException(name + " is neither a bundle (.jar) nor a configuration (.cfg)");
        }
        Path target = folder().resolve(name);
        Path copy = target.resolveSibling("." + name + ".new");
        try {
            copy(source, copy);
            return name.endsWith(JAR) ? deployBundle(copy, target) : deployConfiguration(copy, target);
        } catch (IOException e) {
            throw new DeploymentException(name + " cannot be copied into " + folder() + ": " + e, e);
        } finally {
            discard(copy);
        }
    }

    private static void copy(Path source, Path copy) throws IOException {
        Files.deleteIfExists(copy);
        Files.createFile(copy, PrivateFolder.fileMode());
        Files.write(copy, Files.readAllBytes(source));
    }

    private static void discard(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.warn("{} is left over: {}", copy, e.toString());
        }
    }

    private String deployBundle(Path copy, Path target) throws IOException {
        String name = String.valueOf(target.getFileName());
        try {
            String runs = bundles.deployNow(target.toFile(), copy, () -> move(copy, target));
            later.execute(() -> bundles.uninstallIfGone(target.toFile()));
            return name + " runs: " + runs;
        } catch (RefusedJarException e) {
            throw new DeploymentException(name + " is not deployed: " + e.reason(), e);
        }
    }

    private String deployConfiguration(Path copy, Path target) throws IOException {
        String name = String.valueOf(target.getFileName());
        Optional<String> refusal = ConfigurationDeployer.refusal(name);
        if (refusal.isPresent()) {
            throw new DeploymentException(name + " is not deployed: " + refusal.get());
        }
        File file = target.toFile();
        boolean isOurs = configurations.canHandle(file);
        move(copy, target);
        if (!isOurs) {
            return name + " is in " + folder() + ", for the bundle whose configuration it is";
        }
        if (!configurations.deployNow(file)) {
            throw new DeploymentException(name + " is not applied; the log says why");
        }
        later.execute(() -> configurations.uninstallIfGone(file));
        return name + " is applied" + awaitProvider(name);
    }

    /** What became of a provider that a configuration makes, or wakes. */
    private String awaitProvider(String name) {
        String pid = name.substring(0, name.length() - CONFIGURATION.length());
        if (!pid.startsWith(PROVIDER) || pid.length() < PROVIDER.length() + 2) {
            return "";
        }
        String provider = pid.substring(PROVIDER.length() + 1);
        long end = System.nanoTime() + LONGEST_ARRIVAL.toNanos();
        try {
            while (providers.find(provider).isEmpty() && System.nanoTime() < end) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return providers.find(provider).isPresent()
                ? ", and the provider " + provider + " is here"
                : ", but there is no provider " + provider + "; the log may say why";
    }

    private static void move(Path copy, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Withdraws a file, with the bundle or the configuration that it holds.
     *
     * @param name of the file, or the symbolic name of the bundle
     * @return what has gone, in a sentence
     * @throws DeploymentException when there is no such file
     */
    public String undeploy(String name) {
        Path file = file(name);
        String fileName = String.valueOf(file.getFileName());
        try {
            Files.delete(file);
            if (fileName.endsWith(JAR)) {
                bundles.uninstall(file.toFile());
            } else if (configurations.canHandle(file.toFile())) {
                configurations.uninstall(file.toFile());
            }
        } catch (IOException | InvalidSyntaxException e) {
            throw new DeploymentException(fileName + " cannot be withdrawn: " + e, e);
        }
        return fileName + " is withdrawn, and deleted";
    }

    private Path file(String name) {
        Path file = folder().resolve(name).normalize();
        boolean isInside = folder().equals(file.getParent()) && !name.startsWith(".");
        boolean isKnown = name.endsWith(JAR) || name.endsWith(CONFIGURATION);
        if (isInside && isKnown && Files.exists(file)) {
            return file;
        }
        List<File> found = bundles.files(folder().toFile(), name);
        if (found.size() != 1) {
            throw new DeploymentException(
                    found.isEmpty()
                            ? "There is no " + name + " in " + folder()
                            : "There are several files with " + name + "; name one of them: " + found);
        }
        return Objects.requireNonNull(found.get(0)).toPath();
    }

    /** As FileInstall names it, which follows links. */
    private Path folder() {
        try {
            return folder.orElseThrow(() -> new DeploymentException("There is no deploy folder: set CARDEA_DEPLOY"))
                    .toRealPath();
        } catch (IOException e) {
            throw new DeploymentException("The deploy folder cannot be used: " + e, e);
        }
    }
}
