package io.cardea.core.configuration;

import io.cardea.oauth.provider.OAuthProvider;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers without code: each configuration {@code io.cardea.provider~<name>}, or such a definition in a bundle, makes
 * one. Where a bundle brings the definition, an operator's {@code io.cardea.provider.<name>} says what it lacks, such as
 * the client id, and wins over it; so that every provider that comes with a bundle, with code or without, is configured in
 * a file of the same kind.
 */
@Component(
        service = {ConfiguredProviders.class, ManagedServiceFactory.class, ConfigurationListener.class},
        property = Constants.SERVICE_PID + "=" + ConfiguredProviders.FACTORY_PID)
public final class ConfiguredProviders implements ManagedServiceFactory, ConfigurationListener {

    static final String FACTORY_PID = "io.cardea.provider";
    static final String DEFINITION = FACTORY_PID + "~";
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredProviders.class);
    private static final String SETTINGS = FACTORY_PID + ".";
    // Whoever writes code, or a file of his own, for a provider that a bundle defines wants that instead.
    private static final int BUNDLED = -100;

    private final ComponentContext component;
    private final ConfigurationAdmin configurations;
    private final ServiceComponentRuntime components;
    private final Map<Source, Defined> defined = new HashMap<>();
    // The symbolic name of the bundle that was the first to define each.
    private final Map<String, String> owners = new HashMap<>();
    // Most definitions have none, and to look for one goes through all configurations.
    private final Set<String> settings = ConcurrentHashMap.newKeySet();

    /** @param publisher the bundle that the definition came with; Cardea's own where it is a configuration */
    private record Source(Bundle publisher, String pid) {}

    private record Defined(Map<String, Object> definition, ServiceRegistration<OAuthProvider> registration) {

        void withdraw() {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("It went with its bundle", e);
            }
        }
    }

    @Activate
    public ConfiguredProviders(
            ComponentContext component,
            @Reference ConfigurationAdmin configurations,
            @Reference ServiceComponentRuntime components) {
        this.component = component;
        this.configurations = configurations;
        this.components = components;
        for (Configuration one : find(SETTINGS + "*")) {
            settings.add(one.getPid());
        }
    }

    @Override
    public String getName() {
        return "Providers that are only data";
    }

    // To withdraw a service waits for the calls of its provider, and nobody else is to wait for those: that is done
    // without the lock.
    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
        publish(configured(pid), map(properties)).ifPresent(Defined::withdraw);
    }

    @Override
    public void deleted(String pid) {
        Optional<Defined> gone;
        synchronized (this) {
            gone = Optional.ofNullable(defined.remove(configured(pid)));
        }
        gone.ifPresent(Defined::withdraw);
    }

    private Source configured(String pid) {
        return new Source(component.getBundleContext().getBundle(), pid);
    }

    /** A bundle brings a definition, which stays as long as the bundle runs. */
    void define(Bundle publisher, String pid, Map<String, Object> definition) {
        publish(new Source(publisher, pid), definition).ifPresent(Defined::withdraw);
    }

    /** A bundle stops; the framework withdraws what was published for it. */
    synchronized void forget(Bundle publisher) {
        defined.keySet().removeIf(source -> source.publisher().equals(publisher));
    }

    @Deactivate
    void stop() {
        List<Defined> all;
        synchronized (this) {
            all = List.copyOf(defined.values());
            defined.clear();
        }
        all.forEach(Defined::withdraw);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        String pid = event.getPid();
        if (pid.startsWith(SETTINGS)) {
            if (event.getType() == ConfigurationEvent.CM_DELETED) {
                settings.remove(pid);
            } else {
                settings.add(pid);
            }
            publishAgain(DEFINITION + pid.substring(SETTINGS.length()));
        }
    }

    private void publishAgain(String pid) {
        Map<Source, Defined> known;
        synchronized (this) {
            known = Map.copyOf(defined);
        }
        known.forEach((source, before) -> {
            if (source.pid().equals(pid)) {
                publish(source, before.definition()).ifPresent(Defined::withdraw);
            }
        });
    }

    private List<Source> sources(String pid) {
        return defined.keySet().stream()
                .filter(source -> source.pid().equals(pid))
                .toList();
    }

    /** Whether there is a definition that these settings are added to. */
    synchronized boolean isDefined(String settingsPid) {
        return settingsPid.startsWith(SETTINGS)
                && !sources(DEFINITION + settingsPid.substring(SETTINGS.length()))
                        .isEmpty();
    }

    /** @return what was published before, to be withdrawn: the next one is there by then, and nobody finds neither */
    private synchronized Optional<Defined> publish(Source source, Map<String, Object> definition) {
        Defined before = defined.get(source);
        Map<String, Object> all = new HashMap<>(definition);
        String added = SETTINGS + source.pid().substring(Math.min(source.pid().length(), DEFINITION.length()));
        boolean isOwners = isOwners(source);
        if (settings.contains(added) && !isComponents(added) && isOwners) {
            all.putAll(processed(added));
        }
        all.put(Constants.SERVICE_PID, source.pid());
        BundleContext own = component.getBundleContext();
        boolean bundled = !source.publisher().equals(own.getBundle());
        // Nothing else: any of it may be a secret, and nobody ranks himself before a provider with code.
        Map<String, Object> visible = bundled
                ? Map.of(Constants.SERVICE_PID, source.pid(), Constants.SERVICE_RANKING, BUNDLED)
                : Map.of(Constants.SERVICE_PID, source.pid());
        BundleContext context = bundled ? source.publisher().getBundleContext() : own;
        if (context == null) {
            // It has stopped at this very moment.
            return Optional.empty();
        }
        defined.put(
                source,
                new Defined(
                        definition,
                        context.registerService(
                                OAuthProvider.class,
                                new ConfiguredProvider(all),
                                FrameworkUtil.asDictionary(visible))));
        return Optional.ofNullable(before);
    }

    /**
     * Another bundle that defines the same gets nothing of what the operator has configured for the first, not even when
     * that one is away for a moment; the first one's next version does.
     */
    private boolean isOwners(Source source) {
        if (source.publisher().equals(component.getBundleContext().getBundle())) {
            // The definition is the operator's, too.
            return true;
        }
        String name = String.valueOf(source.publisher().getSymbolicName());
        return owners.computeIfAbsent(source.pid(), pid -> name).equals(name);
    }

    /** Whether the settings are those of a provider with code, whose client no other definition of its name may have. */
    private boolean isComponents(String pid) {
        return components.getComponentDescriptionDTOs().stream()
                .anyMatch(one -> Arrays.asList(one.configurationPid).contains(pid));
    }

    /** With the secrets that it refers to. */
    private Map<String, Object> processed(String pid) {
        ServiceReference<?> reference = component.getServiceReference();
        Map<String, Object> all = new HashMap<>();
        for (Configuration one : find(pid)) {
            try {
                all.putAll(map(one.getProcessedProperties(reference)));
            } catch (IllegalStateException deleted) {
                LOG.debug("{} went away meanwhile", pid, deleted);
            }
        }
        return all;
    }

    private Configuration[] find(String pid) {
        try {
            Configuration @Nullable [] found =
                    configurations.listConfigurations("(" + Constants.SERVICE_PID + "=" + pid + ")");
            return found == null ? new Configuration[0] : found;
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.warn("{} cannot be looked up", pid, e);
            return new Configuration[0];
        }
    }

    private static Map<String, Object> map(Dictionary<String, ?> properties) {
        Map<String, Object> map = new HashMap<>();
        for (String key : Collections.list(properties.keys())) {
            map.put(key, properties.get(key));
        }
        return map;
    }
}
