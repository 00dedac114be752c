package io.cardea.core.registry;

import io.cardea.oauth.ConnectionKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which new logins try out the newest of several versions of a provider: each configuration {@code
 * io.cardea.canary~<provider>} names a {@code share} of them, in percent, and {@code connections}, separated by commas.
 */
@Component(
        service = {Canaries.class, ManagedServiceFactory.class},
        property = Constants.SERVICE_PID + "=" + Canaries.PID)
public final class Canaries implements ManagedServiceFactory {

    static final String PID = "io.cardea.canary";
    private static final Logger LOG = LoggerFactory.getLogger(Canaries.class);
    private static final String SHARE = "share";
    private static final String CONNECTIONS = "connections";
    private static final int ALL = 100;

    private final Map<String, Canary> byProvider = new ConcurrentHashMap<>();

    private record Canary(int percent, Set<String> connections) {}

    @Activate
    public Canaries() {}

    @Override
    public String getName() {
        return "Canaries";
    }

    /** A mistake is told, and leaves all logins with the version that serves. */
    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
        String provider = provider(pid);
        try {
            byProvider.put(provider, canary(properties));
        } catch (IllegalArgumentException e) {
            byProvider.remove(provider);
            LOG.warn("{} is not used, and no login tries out a newer version: {}", pid, e.getMessage());
        }
    }

    @Override
    public void deleted(String pid) {
        byProvider.remove(provider(pid));
    }

    private static String provider(String pid) {
        return pid.substring(pid.indexOf('~') + 1);
    }

    private static Canary canary(Dictionary<String, ?> properties) {
        for (String key : Collections.list(properties.keys())) {
            if (!key.equals(SHARE) && !key.equals(CONNECTIONS) && !isOthers(key)) {
                throw new IllegalArgumentException("there is no key " + key + "; there are share and connections");
            }
        }
        return new Canary(percent(properties.get(SHARE)), names(properties.get(CONNECTIONS)));
    }

    /** Of the framework and of FileInstall. */
    private static boolean isOthers(String key) {
        return key.startsWith("service.") || key.startsWith("felix.") || key.startsWith(":") || key.startsWith(".");
    }

    private static int percent(@Nullable Object share) {
        if (share == null) {
            return 0;
        }
        try {
            int percent = Integer.parseInt(share.toString().strip().replaceFirst("%$", ""));
            if (percent >= 0 && percent <= ALL) {
                return percent;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(notPercent(), e);
        }
        throw new IllegalArgumentException(notPercent());
    }

    private static String notPercent() {
        return "share must be a number of percent from 0 to 100";
    }

    private static Set<String> names(@Nullable Object connections) {
        return connections == null
                ? Set.of()
                : Arrays.stream(connections.toString().split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a new login is one of those; asked once for each. */
    boolean take(ConnectionKey key) {
        Canary canary = byProvider.get(key.provider());
        return canary != null
                && (canary.connections().contains(key.connection())
                        || ThreadLocalRandom.current().nextInt(ALL) < canary.percent());
    }

    /** The highest version of the bundle that serves; of equal ones the first. */
    static Optional<ServingProvider> newest(List<ServingProvider> all) {
        // A stream's max would take the last of equal ones.
        return all.stream()
                // A version of the one that serves, and nobody else's who took its name.
                .filter(one -> one.registered()
                        .pluginName()
                        .equals(all.get(0).registered().pluginName()))
                .sorted(Comparator.comparing(Canaries::version).reversed())
                .findFirst();
    }

    private static Version version(ServingProvider provider) {
        return Version.parseVersion(provider.registered().pluginVersion());
    }
}
