package io.cardea.core.configuration;

import io.cardea.core.registry.PlainText;
import io.cardea.core.thread.DaemonThreads;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of configurations that were meant for somebody, but have a name by which nobody looks for one. */
@Component(immediate = true)
public final class UnreadConfigurations implements ConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadConfigurations.class);
    // The bundle that reads it may have been put into the deploy folder together with it.
    private static final int PATIENCE_SECONDS = 5;
    private static final String OURS = "io.cardea.";
    private static final String FILE_NAME = "felix.fileinstall.filename";
    private static final Pattern FILE = Pattern.compile(".*/([A-Za-z0-9._~-]+)");
    private static final String ENDING = ".cfg";
    private static final int MAX_SHOWN = 100;
    // What stands for the provider in a name that somebody has made up.
    private static final Pattern PROVIDER = Pattern.compile("(?:.*providers?[.~-]|.*[.~])?([a-z0-9][a-z0-9-]{0,62})");
    // Of a filter (OSGi Core, section 3.2.7).
    private static final Pattern SPECIAL = Pattern.compile("[\\\\*()]");

    private final BundleContext context;
    private final Optional<String> deploy;
    private final ConfigurationAdmin configurations;
    private final ServiceComponentRuntime components;
    private final Predicate<String> isAdded;
    private final ScheduledExecutorService timer;

    @Activate
    public UnreadConfigurations(
            BundleContext context,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components,
            @Reference ConfiguredProviders providers) {
        this(
                context,
                // In a framework that others use as well, FileInstall may look after their folders, too.
                Optional.ofNullable(context.getProperty("CARDEA_DEPLOY"))
                        .map(folder -> new File(folder).toURI().toString()),
                configurations,
                components,
                providers::isDefined,
                new ScheduledThreadPoolExecutor(1, task -> DaemonThreads.thread(task, "configurations")));
        // FileInstall may have been quicker.
        later(this::lookAtAll);
    }

    /** @param deploy the URL of the folder in which nothing is to stand in vain */
    UnreadConfigurations(
            BundleContext context,
            Optional<String> deploy,
            ConfigurationAdmin configurations,
            ServiceComponentRuntime components,
            Predicate<String> isAdded,
            ScheduledExecutorService timer) {
        this.context = context;
        this.deploy = deploy;
        this.configurations = configurations;
        this.components = components;
        this.isAdded = isAdded;
        this.timer = timer;
    }

    @Deactivate
    void stop() {
        timer.shutdownNow();
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_UPDATED) {
            later(() -> look(withPid(event.getPid())));
        }
    }

    private void later(Runnable look) {
        try {
            timer.schedule(look, PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("No longer looking at configurations", stopping);
        }
    }

    private void lookAtAll() {
        look("(service.pid=*)");
    }

    private void look(String filter) {
        try {
            Configuration[] found = configurations.listConfigurations(filter);
            for (Configuration one : found == null ? new Configuration[0] : found) {
                look(one);
            }
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.debug("Configurations cannot be looked at", e);
        }
    }

    private void look(Configuration configuration) throws InvalidSyntaxException {
        Dictionary<String, Object> properties = configuration.getProperties();
        String pid = configuration.getPid();
        if (isSuspect(pid, properties)
                && !isRead(Optional.ofNullable(configuration.getFactoryPid()).orElse(pid))) {
            String file = file(pid, properties);
            LOG.warn("No component reads {}, so it has no effect. {}", file, advice(file));
        }
    }

    /** Ours by its name, or by its place; from elsewhere, one that is a provider's and has no bundle's qualified name. */
    private boolean isSuspect(String pid, Dictionary<String, Object> properties) {
        return pid.startsWith(OURS)
                || deploy.filter(String.valueOf(properties.get(FILE_NAME))::startsWith)
                        .isPresent()
                || (pid.indexOf('.') < 0 && isProviders(properties));
    }

    private String advice(String file) throws InvalidSyntaxException {
        Matcher named = PROVIDER.matcher(file.replaceFirst("\\.cfg$", ""));
        String name = named.matches() ? named.group(1) : "<name>";
        String ofBundle = "io.cardea.provider." + name;
        return isRead(ofBundle)
                ? "The provider " + name + " is configured in " + ofBundle + ENDING
                : "A provider that is only data is configured in io.cardea.provider~" + name + ENDING
                        + ", the name of a-z, 0-9 and hyphens; one with a bundle in " + ofBundle + ENDING
                        + ", while its bundle is here";
    }

    /** Whether it says what only a client of an authorization server needs. */
    private static boolean isProviders(Dictionary<String, Object> properties) {
        return properties.get("client_id") != null
                && Stream.of("issuer", "token_endpoint", "client_secret").anyMatch(key -> properties.get(key) != null);
    }

    private boolean isRead(String pid) throws InvalidSyntaxException {
        return components.getComponentDescriptionDTOs().stream()
                        .flatMap(component -> Arrays.stream(component.configurationPid))
                        .anyMatch(pid::equals)
                || context.getAllServiceReferences(
                                null,
                                "(&(|(objectClass=org.osgi.service.cm.ManagedService)"
                                        + "(objectClass=org.osgi.service.cm.ManagedServiceFactory))"
                                        + withPid(pid) + ")")
                        != null
                || isAdded.test(pid);
    }

    private static String withPid(String pid) {
        return "(service.pid=" + SPECIAL.matcher(pid).replaceAll("\\\\$0") + ")";
    }

    /** The name that it has in the deploy folder; FileInstall takes a hyphen for a tilde. */
    private static String file(String pid, Dictionary<String, Object> properties) {
        return Optional.ofNullable(properties.get(FILE_NAME))
                .map(url -> FILE.matcher(String.valueOf(url)))
                .filter(url -> url.matches())
                .map(url -> url.group(1))
                .orElse(PlainText.of(pid, MAX_SHOWN) + ENDING);
    }
}
