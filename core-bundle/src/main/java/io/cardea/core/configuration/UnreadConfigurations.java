package io.cardea.core.configuration;

import io.cardea.core.thread.DaemonThreads;
import java.io.IOException;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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

/** Warns of configurations that seem to be meant for Cardea, but have a name by which nobody looks for one. */
@Component(immediate = true)
public final class UnreadConfigurations implements ConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadConfigurations.class);
    // The bundle that reads it may have been put into the deploy folder together with it.
    private static final int PATIENCE_SECONDS = 5;
    private static final String OURS = "io.cardea.";
    // Ours, or one without a dot: a bundle's PID is a qualified name.
    private static final Pattern SUSPECT = Pattern.compile("(io\\.cardea\\.[A-Za-z0-9._~-]+)|[A-Za-z0-9_~-]+");
    private static final Pattern FILE = Pattern.compile(".*/([A-Za-z0-9._~-]+)");

    private final BundleContext context;
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
                configurations,
                components,
                providers::isDefined,
                new ScheduledThreadPoolExecutor(1, task -> DaemonThreads.thread(task, "configurations")));
        // FileInstall may have been quicker.
        later(this::lookAtAll);
    }

    UnreadConfigurations(
            BundleContext context,
            ConfigurationAdmin configurations,
            ServiceComponentRuntime components,
            Predicate<String> isAdded,
            ScheduledExecutorService timer) {
        this.context = context;
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
        if (event.getType() == ConfigurationEvent.CM_UPDATED
                && SUSPECT.matcher(event.getPid()).matches()) {
            later(() -> look("(service.pid=" + event.getPid() + ")"));
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
        if (!SUSPECT.matcher(pid).matches()
                || !(pid.startsWith(OURS) || isProviders(properties))
                || isRead(Optional.ofNullable(configuration.getFactoryPid()).orElse(pid))
                || isAdded.test(pid)) {
            return;
        }
        LOG.warn(
                "No component reads {}. A provider that is only data is configured in io.cardea.provider~<name>.cfg, the"
                        + " name of a-z, 0-9 and hyphens; one with a bundle by the name that its README tells, while its"
                        + " bundle is here",
                file(pid, properties));
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
                                        + "(service.pid=" + pid + "))")
                        != null;
    }

    /** The name that it has in the deploy folder; FileInstall takes a hyphen for a tilde. */
    private static String file(String pid, Dictionary<String, Object> properties) {
        return Optional.ofNullable(properties.get("felix.fileinstall.filename"))
                .map(url -> FILE.matcher(String.valueOf(url)))
                .filter(url -> url.matches())
                .map(url -> url.group(1))
                .orElse(pid + ".cfg");
    }
}
