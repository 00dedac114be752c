package io.cardea.core.deploy;

import io.cardea.core.thread.DaemonThreads;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles in the deploy folder. FileInstall watches the folder and calls when a file is new, changed or gone; this class
 * takes every jar, because FileInstall itself passes over a broken one in silence and withdraws a running bundle whose
 * jar is replaced by a broken one. Here such a jar is reported and changes nothing.
 */
@Component(service = {ArtifactListener.class, ArtifactInstaller.class})
public final class BundleDeployer implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(BundleDeployer.class);

    // Longer than the registry waits for the calls of a provider that departs.
    private static final Duration MAX_STEP = Duration.ofSeconds(15);

    private final BundleContext context;
    private final Duration longestStep;
    // Bundles that lack something another one may bring.
    private final Set<Bundle> waiting = new LinkedHashSet<>();
    // Jars of bundles that another jar has brought already.
    private final Set<File> copies = new LinkedHashSet<>();

    @Activate
    public BundleDeployer(BundleContext context) {
        this(context, MAX_STEP);
    }

    BundleDeployer(BundleContext context, Duration longestStep) {
        this.context = context;
        this.longestStep = longestStep;
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
        Optional<String> broken = broken(file);
        if (broken.isPresent()) {
            LOG.error("{} is not deployed: {}. Nothing else has changed.", file.getName(), broken.get());
            return;
        }
        try {
            Bundle bundle = context.getBundle(location(file));
            if (bundle == null) {
                try (InputStream jar = Files.newInputStream(file.toPath())) {
                    bundle = context.installBundle(location(file), jar);
                }
                LOG.info("Deployed {} as {}", file.getName(), name(bundle));
            } else {
                update(bundle, file);
                LOG.info("Updated {} to {}", file.getName(), name(bundle));
            }
            waiting.add(bundle);
        } catch (IOException | BundleException e) {
            LOG.error("{} is not deployed: {}. Nothing else has changed.", file.getName(), why(file, e));
        }
        startWaiting();
    }

    /** In plain words where another jar brought the same bundle, for the framework has its own. */
    private @Nullable String why(File file, Exception failure) {
        if (!(failure instanceof BundleException refused)
                || refused.getType() != BundleException.DUPLICATE_BUNDLE_ERROR) {
            return failure.getMessage();
        }
        copies.add(file);
        return sameAs(file)
                .map(other -> "it holds " + name(other) + ", which is here already from " + source(other)
                        + "; delete one of the two, or give this one another Bundle-Version")
                .orElse(failure.getMessage());
    }

    private Optional<Bundle> sameAs(File file) {
        try (JarFile jar = new JarFile(file)) {
            Attributes headers = jar.getManifest().getMainAttributes();
            String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME)
                    .split(";", 2)[0]
                    .strip();
            Version version = Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION));
            return Arrays.stream(context.getBundles())
                    .filter(other -> name.equals(other.getSymbolicName()) && version.equals(other.getVersion()))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The file that a bundle is from; where it is from none, what the framework calls its location. */
    private static String source(Bundle bundle) {
        String location = bundle.getLocation().replaceFirst("^reference:", "");
        try {
            return Path.of(URI.create(location)).toString();
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return location;
        }
    }

    private void update(Bundle bundle, File file) throws BundleException {
        bounded(() -> {
            try (InputStream jar = Files.newInputStream(file.toPath())) {
                bundle.update(jar);
            }
        });
    }

    @Override
    public synchronized void uninstall(File file) throws BundleException {
        copies.remove(file);
        Bundle bundle = context.getBundle(location(file));
        if (bundle != null) {
            waiting.remove(bundle);
            bounded(bundle::uninstall);
            LOG.info("Withdrew {} with {}", name(bundle), file.getName());
            List<File> next = List.copyOf(copies);
            copies.clear();
            next.forEach(this::update);
        }
    }

    /** Everything that could not start is tried again, for the newcomer may be what it lacked. */
    private void startWaiting() {
        waiting.removeIf(bundle -> {
            try {
                if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                    bounded(() -> bundle.start(Bundle.START_ACTIVATION_POLICY));
                }
                return true;
            } catch (BundleException e) {
                LOG.error("{} is deployed but cannot start: {}", name(bundle), e.getMessage());
                return e.getType() != BundleException.RESOLVE_ERROR;
            }
        });
    }

    /** One step of a bundle's life. */
    private interface Step {
        void run() throws BundleException, IOException;
    }

    /** On a thread of its own: a bundle that hangs while it starts or stops must not hold up those that come after it. */
    private void bounded(Step step) throws BundleException {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            step.run();
            return true;
        });
        DaemonThreads.thread(task, "deploy").start();
        try {
            task.get(longestStep.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new BundleException("it hangs, and is left to itself after " + longestStep.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BundleException told
                    ? told
                    : new BundleException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BundleException("Cardea is stopping", e);
        }
    }

    /** Why the file is no bundle; absent when it is one. Reads it to the end, for a copy may have been cut short. */
    private static Optional<String> broken(File file) {
        Optional<String> objection = Ownership.objection(file);
        if (objection.isPresent()) {
            return objection;
        }
        try (JarFile jar = new JarFile(file)) {
            Manifest manifest = jar.getManifest();
            if (manifest == null || manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
                return Optional.of("it is a jar but no OSGi bundle (its manifest has no Bundle-SymbolicName)");
            }
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                CRC32 crc = new CRC32();
                try (InputStream content = new CheckedInputStream(jar.getInputStream(entry), crc)) {
                    content.transferTo(OutputStream.nullOutputStream());
                }
                // JarFile itself does not compare.
                if (crc.getValue() != entry.getCrc()) {
                    return Optional.of(entry.getName() + " in it is damaged");
                }
            }
            return Optional.empty();
        } catch (IOException | SecurityException e) {
            return Optional.of("it is no readable jar (" + e.getMessage() + ")");
        }
    }

    private static String location(File file) {
        return file.toURI().toString();
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
