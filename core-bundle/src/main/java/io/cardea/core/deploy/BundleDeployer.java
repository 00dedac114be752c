package io.cardea.core.deploy;

import io.cardea.core.deploy.RefusedJarException.Remedy;
import io.cardea.core.event.EventLog;
import io.cardea.core.thread.DaemonThreads;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles in the deploy folder. FileInstall watches the folder and calls when a file is new, changed or gone; this class
 * takes every jar, because FileInstall itself passes over a broken one in silence and withdraws a running bundle whose
 * jar is replaced by a broken one.
 *
 * <p>A jar is deployed when it is whole. One that is not may be half copied: it waits, and is reported when it has not
 * changed for a while. One that cannot be deployed is reported and changes nothing, and the bundle that the file held before
 * runs on ({@link Succession}). That bundle is kept by the framework alone: what a restart finds in the folder is what runs
 * after it, and nothing if that is broken.
 *
 * <p>The framework is what remembers the bundles: each has its file's URL for a location, and the content's digest behind it.
 */
@Component(service = {ArtifactListener.class, ArtifactInstaller.class, BundleDeployer.class})
public final class BundleDeployer implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(BundleDeployer.class);

    private final BundleContext context;
    private final Patience patience;
    private final TrustedBundles trusted;
    private final DeploymentReports reports;
    private final PublishedProviders providers;
    private final Succession succession;
    // Files that another bundle, or one less, may help; each with what was said of it.
    private final Map<File, String> waiting = new LinkedHashMap<>();
    // Files that may be half copied, as they were when they were looked at.
    private final Map<File, Optional<FileStamp>> unfinished = new LinkedHashMap<>();
    private volatile boolean stopped;

    /** Puts a file in its place. */
    interface Move {
        void run() throws IOException;
    }

    /**
     * For how long what is waited for.
     *
     * @param step each step of a bundle's life
     * @param providers what a newcomer brings
     * @param copy the rest of a file; zero for one that is whole or never will be
     */
    record Patience(Duration step, Duration providers, Duration copy) {
        private static final Duration DRAIN = Duration.ofSeconds(10);

        /** A step is longer than the registry waits for the calls of a provider that departs. */
        static Patience configured(BundleContext context) {
            Duration drain = Optional.ofNullable(context.getProperty("CARDEA_DRAIN_TIMEOUT"))
                    .filter(seconds -> !seconds.isBlank())
                    .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds.trim())))
                    .orElse(DRAIN);
            return new Patience(drain.plusSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(2));
        }
    }

    @Activate
    public BundleDeployer(BundleContext context, @Reference EventLog events) {
        this(context, events, TrustedBundles.of(context), Patience.configured(context));
    }

    BundleDeployer(BundleContext context, EventLog events, TrustedBundles trusted, Patience patience) {
        this.context = context;
        this.patience = patience;
        this.trusted = trusted;
        this.reports = new DeploymentReports(events);
        this.providers = new PublishedProviders(context, patience.providers());
        this.succession = new Succession(context, new BoundedSteps(patience.step()), providers);
    }

    @Deactivate
    void stop() {
        stopped = true;
    }

    @Override
    public boolean canHandle(File file) {
        return file.getName().endsWith(".jar");
    }

    @Override
    public void install(File file) {
        update(file);
    }

    @Override
    public synchronized void update(File file) {
        attempt(file, patience.copy());
    }

    /** @param forTheRest how long a file that is not whole may yet become so */
    private void attempt(File file, Duration forTheRest) {
        unfinished.remove(file);
        waiting.remove(file);
        try {
            if (deploy(file, file.toPath())) {
                retryWaiting();
            }
        } catch (RefusedJarException e) {
            if (e.remedy() == Remedy.THE_REST && !forTheRest.isZero()) {
                lookAgain(file, forTheRest);
                return;
            }
            refused(file, e);
        }
    }

    private void refused(File file, RefusedJarException refused) {
        if (refused.remedy() == Remedy.ANOTHER_BUNDLE) {
            waiting.put(file, refused.reason());
        }
        report(file, refused);
    }

    private void report(File file, RefusedJarException refused) {
        String running = installed(file).stream()
                .filter(Succession::isRunning)
                .map(Succession::name)
                .collect(Collectors.joining(", "));
        if (running.isEmpty()) {
            reports.failed(file.getName(), refused.reason());
        } else {
            reports.failed(
                    file.getName(),
                    refused.reason(),
                    running + " runs on in its place; put a jar that works, or the one before, into the folder.");
        }
    }

    private void lookAgain(File file, Duration later) {
        Optional<FileStamp> seen = FileStamp.of(file);
        unfinished.put(file, seen);
        CompletableFuture.delayedExecutor(
                        later.toMillis(),
                        TimeUnit.MILLISECONDS,
                        task -> DaemonThreads.thread(task, "deploy").start())
                .execute(() -> lookAgain(file, seen));
    }

    private synchronized void lookAgain(File file, Optional<FileStamp> seen) {
        if (stopped || !seen.equals(unfinished.get(file))) {
            return;
        }
        Optional<FileStamp> now = FileStamp.of(file);
        if (now.isPresent()) {
            // Where it changes still, FileInstall will call when it no longer does; this is for when it does not.
            attempt(file, now.equals(seen) ? Duration.ZERO : patience.copy());
        }
    }

    /**
     * Deploys a jar as what a file holds.
     *
     * @param content the jar, which need not be that file yet
     * @return false when it runs already
     */
    private boolean deploy(File file, Path content) throws RefusedJarException {
        try (JarCopy jar = JarCopy.of(content, context.getDataFile("jar").toPath())) {
            trusted.require(file.getName(), jar.digest());
            String location = location(file) + "#" + jar.digest();
            List<Bundle> before = installed(file);
            Optional<Bundle> same = before.stream()
                    .filter(bundle -> bundle.getLocation().equals(location))
                    .findFirst();
            if (same.filter(Succession::isRunning).isPresent()) {
                // A framework that remembers its bundles may have died between two of them.
                before.stream().filter(other -> !same.get().equals(other)).forEach(succession::remove);
                return false;
            }
            List<Bundle> running = before.stream().filter(Succession::isRunning).toList();
            Bundle newcomer = same.isPresent() ? same.get() : succession.install(jar, location, before);
            List<Bundle> predecessors =
                    before.stream().filter(other -> !other.equals(newcomer)).toList();
            if (running.isEmpty()) {
                predecessors.forEach(succession::remove);
                succession.start(newcomer);
            } else {
                succession.replace(newcomer, jar, running);
                predecessors.forEach(succession::remove);
            }
            String verb = predecessors.isEmpty() ? "Deployed {} as {}" : "Updated {} to {}";
            LOG.info(verb, file.getName(), Succession.name(newcomer));
            reports.completed(file.getName(), Succession.name(newcomer));
            return true;
        }
    }

    /** Everything that could not start is tried again, for the newcomer may be what it lacked. */
    private void retryWaiting() {
        boolean again = true;
        while (again) {
            again = false;
            for (Map.Entry<File, String> each : List.copyOf(waiting.entrySet())) {
                File file = each.getKey();
                waiting.remove(file);
                try {
                    again |= deploy(file, file.toPath());
                } catch (RefusedJarException e) {
                    if (e.reason().equals(each.getValue())) {
                        waiting.put(file, e.reason());
                    } else {
                        refused(file, e);
                    }
                }
            }
        }
    }

    /**
     * Deploys what is to be the content of a file, and says what runs then.
     *
     * @param content another file
     * @param move moves it there; called when it runs, while nobody else looks at the file
     * @return name and version of the bundle, and the providers that it brings
     */
    synchronized String deployNow(File file, Path content, Move move) throws RefusedJarException, IOException {
        boolean isNew = installed(file).isEmpty();
        try {
            deploy(file, content);
        } catch (RefusedJarException e) {
            report(file, e);
            if (isNew) {
                installed(file).forEach(succession::remove);
            }
            throw e;
        }
        move.run();
        unfinished.remove(file);
        waiting.remove(file);
        retryWaiting();
        return installed(file).stream()
                .map(bundle -> Succession.name(bundle)
                        + providers.of(bundle).stream()
                                .sorted()
                                .collect(Collectors.collectingAndThen(
                                        Collectors.joining(", "),
                                        names -> names.isEmpty() ? "" : " with the provider " + names)))
                .collect(Collectors.joining("; "));
    }

    @Override
    public synchronized void uninstall(File file) {
        waiting.remove(file);
        unfinished.remove(file);
        List<Bundle> bundles = installed(file);
        bundles.forEach(bundle -> {
            succession.remove(bundle);
            LOG.info("Withdrew {} with {}", Succession.name(bundle), file.getName());
        });
        if (!bundles.isEmpty()) {
            retryWaiting();
        }
    }

    /** FileInstall tells nothing of a file that it has never seen, such as one that was deployed by other means. */
    synchronized void uninstallIfGone(File file) {
        if (!stopped && !file.exists()) {
            uninstall(file);
        }
    }

    private List<Bundle> installed(File file) {
        return succession.at(location(file));
    }

    /** The files whose bundles have this symbolic name. */
    synchronized List<File> files(File folder, String symbolicName) {
        File[] jars = folder.listFiles(this::isJar);
        return jars == null
                ? List.of()
                : List.of(jars).stream()
                        .filter(jar -> installed(jar).stream()
                                .anyMatch(bundle -> symbolicName.equals(bundle.getSymbolicName())))
                        .toList();
    }

    private boolean isJar(File file) {
        return canHandle(file);
    }

    private static String location(File file) {
        return file.toURI().toString();
    }
}
