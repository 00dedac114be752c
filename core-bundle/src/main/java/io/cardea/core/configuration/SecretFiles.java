package io.cardea.core.configuration;

import io.cardea.core.thread.DaemonThreads;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the configurations that refer to a secret file read it again when it was written, changed or removed. */
@Component(
        service = {},
        immediate = true)
public final class SecretFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);
    private static final String FOLDER = "org.apache.felix.configadmin.plugin.interpolation.secretsdir";
    private static final String ANY_LOCATION = "?";
    private static final String REFERENCE = "$[secret:";
    // Whoever writes a file writes it in several steps.
    private static final long SETTLING_MILLIS = 200;
    private static final long MAX_WAIT_MILLIS = 1_000;

    private final ConfigurationAdmin configurations;
    private final Thread thread;

    @Activate
    public SecretFiles(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this.configurations = configurations;
        String folder = context.getProperty(FOLDER);
        this.thread = DaemonThreads.thread(
                () -> {
                    if (folder != null && Files.isDirectory(Path.of(folder))) {
                        follow(Path.of(folder));
                    }
                },
                "secrets");
        thread.start();
    }

    @Deactivate
    void stop() throws InterruptedException {
        thread.interrupt();
        // It ends at once, unless it has just handed over a configuration.
        thread.join(MAX_WAIT_MILLIS);
    }

    private void follow(Path folder) {
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            warnOfReadable(folder);
            LOG.debug("Watching {}", folder);
            while (true) {
                WatchKey key = watch.take();
                TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
                Set<String> names = names(key.pollEvents());
                warnOfReadable(folder);
                readAgain(names);
                if (!key.reset()) {
                    LOG.warn("{} is gone; secrets are read at the next start again", folder);
                    return;
                }
            }
        } catch (IOException e) {
            LOG.warn("{} is not watched; secrets are read at the next start again: {}", folder, e.getMessage(), e);
        } catch (InterruptedException stopped) {
            LOG.debug("No longer looking at {}", folder);
        }
    }

    /** Of the files that changed; empty when there were too many to tell. */
    private static Set<String> names(List<WatchEvent<?>> changes) {
        return changes.stream().anyMatch(change -> change.kind() == StandardWatchEventKinds.OVERFLOW)
                ? Set.of()
                : changes.stream()
                        .map(change -> String.valueOf(change.context()))
                        .collect(Collectors.toSet());
    }

    private void readAgain(Set<String> names) {
        try {
            Configuration[] all = configurations.listConfigurations("(service.pid=io.cardea.provider*)");
            for (Configuration one : all == null ? new Configuration[0] : all) {
                readAgain(one.getPid(), names);
            }
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.warn("Secrets could not be read again: {}", e.getMessage(), e);
        }
    }

    private void readAgain(String pid, Set<String> names) throws IOException {
        try {
            // Not the listed object: it counts its changes by itself, and Declarative Services would take later ones
            // for old.
            Configuration configuration = configurations.getConfiguration(pid, ANY_LOCATION);
            Dictionary<String, Object> properties = configuration.getProperties();
            if (refersTo(names, properties)) {
                // As if it were new: update() without properties does not tell Declarative Services.
                configuration.update(properties);
            }
        } catch (IllegalStateException deleted) {
            LOG.debug("A configuration went away meanwhile", deleted);
        }
    }

    /** A provider that is configured anew is gone for a moment: none that has another secret. */
    private static boolean refersTo(Set<String> names, Dictionary<String, Object> properties) {
        return Collections.list(properties.elements()).stream()
                .map(String::valueOf)
                .anyMatch(value -> names.isEmpty()
                        ? value.contains(REFERENCE)
                        : names.stream().anyMatch(name -> value.contains(REFERENCE + name)));
    }

    private static void warnOfReadable(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                PosixFileAttributeView view =
                        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                if (view != null
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && view.readAttributes().permissions().stream()
                                .anyMatch(permission -> !permission.name().startsWith("OWNER_"))) {
                    LOG.warn("Others may read or write the secret {}; run: chmod go-rwx {}", file.getFileName(), file);
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be looked at: {}", folder, e.getMessage());
        }
    }
}
