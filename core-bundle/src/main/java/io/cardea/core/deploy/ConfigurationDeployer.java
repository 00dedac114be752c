package io.cardea.core.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.event.EventLog;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.provider.ProviderDefinition;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cardea's own configurations in the deploy folder: {@code <pid>.cfg}, and {@code <factory pid>~<name>.cfg} where there may
 * be several. FileInstall itself takes the first hyphen for the tilde, and providers have hyphens in their names; it also
 * passes over a file that was written again with the same content, as one does when only a secret has changed.
 */
@Component(
        service = {ArtifactListener.class, ArtifactInstaller.class, ConfigurationDeployer.class},
        property = Constants.SERVICE_RANKING + ":Integer=100")
public final class ConfigurationDeployer implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationDeployer.class);
    private static final String ENDING = ".cfg";
    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";
    // Other programs keep their configurations in files with these; here nobody would notice that they are not read.
    private static final Pattern FOREIGN = Pattern.compile(".*\\.(config|json)");
    // Whoever looks a configuration up writes its name into a filter, where an asterisk is every name.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final String PROVIDER = "io.cardea.provider~";
    private static final String ANY_LOCATION = "?";

    private final Optional<File> deploy;
    private final ConfigurationAdmin configurations;
    private final DeploymentReports reports;
    private final Set<String> fromFiles = ConcurrentHashMap.newKeySet();
    // Those that were applied before FileInstall has seen them.
    private final Map<File, FileStamp> applied = new ConcurrentHashMap<>();

    @Activate
    public ConfigurationDeployer(
            BundleContext context, @Reference ConfigurationAdmin configurations, @Reference EventLog events) {
        this(Optional.ofNullable(context.getProperty("CARDEA_DEPLOY")).map(File::new), configurations, events);
    }

    /** @param deploy the folder that is Cardea's alone; absent in a framework that others use as well */
    ConfigurationDeployer(Optional<File> deploy, ConfigurationAdmin configurations, EventLog events) {
        this.deploy = deploy;
        this.configurations = configurations;
        this.reports = new DeploymentReports(events);
    }

    @Override
    public boolean canHandle(File artifact) {
        String name = artifact.getName();
        return ((name.startsWith("io.cardea.") || name.startsWith(FILE_INSTALL)) && name.endsWith(ENDING))
                || (FOREIGN.matcher(name).matches()
                        && Optional.ofNullable(artifact.getParentFile()).equals(deploy));
    }

    @Override
    public synchronized void install(File file) {
        Optional<FileStamp> before = Optional.ofNullable(applied.remove(file));
        if (before.isEmpty() || !before.equals(FileStamp.of(file))) {
            apply(file);
        }
    }

    /** Applies a file that FileInstall has not seen yet. False when it was refused, as the log and the events say. */
    synchronized boolean deployNow(File file) {
        FileStamp.of(file).ifPresent(stamp -> applied.put(file, stamp));
        return apply(file);
    }

    private boolean apply(File file) {
        Optional<String> refusal = refusal(file.getName()).or(() -> Ownership.objection(file));
        Properties properties = new Properties();
        if (refusal.isEmpty()) {
            try (Reader reader = Files.newBufferedReader(file.toPath(), UTF_8)) {
                properties.load(reader);
                Map<String, Object> values = new HashMap<>();
                properties.forEach((key, value) ->
                        values.put(String.valueOf(key), String.valueOf(value).trim()));
                values.put(ProviderDefinition.FILE, file.getName());
                String pid = pid(file.getName());
                fromFiles.add(pid);
                configuration(pid).update(FrameworkUtil.asDictionary(values));
                LOG.info("{} is applied", file.getName());
            } catch (IOException | IllegalArgumentException e) {
                refusal = Optional.of("it cannot be read (" + e.getMessage() + ")");
            }
        }
        refusal.ifPresent(why -> reports.failed(file.getName(), why));
        return refusal.isEmpty();
    }

    /** Why no file of this name is taken; absent when all is well. */
    static Optional<String> refusal(String name) {
        if (!name.endsWith(ENDING)) {
            return Optional.of(
                    "a configuration is a .cfg file with lines of key = value, such as io.cardea.provider~acme.cfg for a"
                            + " provider acme that is only data");
        }
        if (name.startsWith(FILE_INSTALL)) {
            return Optional.of("it would watch another folder, past all that is checked here");
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of("its name may have letters, digits and . _ ~ - alone");
        }
        boolean isProvider = pid(name).startsWith(PROVIDER);
        return isProvider && !ConnectionKey.isProviderName(pid(name).substring(PROVIDER.length()))
                ? Optional.of("the provider's name, after the tilde, may have a-z, 0-9 and hyphens alone, begin with no"
                        + " hyphen, and have at most 63 characters")
                : Optional.empty();
    }

    @Override
    public void update(File file) {
        install(file);
    }

    @Override
    public synchronized void uninstall(File file) throws IOException, InvalidSyntaxException {
        if (refusal(file.getName()).isPresent()) {
            return;
        }
        String pid = pid(file.getName());
        applied.remove(file);
        fromFiles.remove(pid);
        Configuration[] found = configurations.listConfigurations("(" + Constants.SERVICE_PID + "=" + pid + ")");
        if (found != null) {
            found[0].delete();
            LOG.info("{} is withdrawn", file.getName());
        }
    }

    /** FileInstall tells nothing of a file that it has never seen, such as one that was deployed by other means. */
    synchronized void uninstallIfGone(File file) {
        try {
            if (!file.exists()) {
                uninstall(file);
            }
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.warn("{} cannot be withdrawn: {}", file.getName(), e.toString());
        }
    }

    /** Whether a configuration is the operator's, from a file in the deploy folder. */
    public boolean isFromFile(String pid) {
        return fromFiles.contains(pid);
    }

    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        return tilde < 0
                ? configurations.getConfiguration(pid, ANY_LOCATION)
                : configurations.getFactoryConfiguration(
                        pid.substring(0, tilde), pid.substring(tilde + 1), ANY_LOCATION);
    }

    private static String pid(String name) {
        return name.substring(0, name.length() - ENDING.length());
    }
}
