package io.cardea.core.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

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
    // Other programs keep their configurations in files with these; here nobody would notice that they are not read.
    private static final Pattern FOREIGN = Pattern.compile(".*\\.(config|json)");
    // Whoever looks a configuration up writes its name into a filter, where an asterisk is every name.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final String PROVIDER = "io.cardea.provider~";
    private static final String ANY_LOCATION = "?";

    private final Optional<File> deploy;
    private final ConfigurationAdmin configurations;
    private final Set<String> fromFiles = ConcurrentHashMap.newKeySet();

    @Activate
    public ConfigurationDeployer(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this(Optional.ofNullable(context.getProperty("CARDEA_DEPLOY")).map(File::new), configurations);
    }

    /** @param deploy the folder that is Cardea's alone; absent in a framework that others use as well */
    ConfigurationDeployer(Optional<File> deploy, ConfigurationAdmin configurations) {
        this.deploy = deploy;
        this.configurations = configurations;
    }

    @Override
    public boolean canHandle(File artifact) {
        String name = artifact.getName();
        return (name.startsWith("io.cardea.") && name.endsWith(ENDING))
                || (FOREIGN.matcher(name).matches()
                        && Optional.ofNullable(artifact.getParentFile()).equals(deploy));
    }

    @Override
    public void install(File file) {
        if (!file.getName().endsWith(ENDING)) {
            refuse(
                    file,
                    "a configuration is a .cfg file with lines of key = value, such as io.cardea.provider~acme.cfg for a"
                            + " provider acme that is only data");
            return;
        }
        if (!NAME.matcher(file.getName()).matches()) {
            refuse(file, "its name may have letters, digits and . _ ~ - alone");
            return;
        }
        if (pid(file).startsWith(PROVIDER)
                && !ConnectionKey.isProviderName(pid(file).substring(PROVIDER.length()))) {
            refuse(
                    file,
                    "the provider's name, after the tilde, may have a-z, 0-9 and hyphens alone, begin with no"
                            + " hyphen, and have at most 63 characters");
            return;
        }
        Optional<String> objection = Ownership.objection(file);
        if (objection.isPresent()) {
            refuse(file, objection.get());
            return;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file.toPath(), UTF_8)) {
            properties.load(reader);
            Map<String, Object> values = new HashMap<>();
            properties.forEach((key, value) ->
                    values.put(String.valueOf(key), String.valueOf(value).trim()));
            values.put(ProviderDefinition.FILE, file.getName());
            fromFiles.add(pid(file));
            configuration(pid(file)).update(FrameworkUtil.asDictionary(values));
            LOG.info("{} is applied", file.getName());
        } catch (IOException | IllegalArgumentException e) {
            refuse(file, "it cannot be read (" + e.getMessage() + ")");
        }
    }

    private static void refuse(File file, String why) {
        LOG.error("{} is not deployed: {}. Nothing else has changed.", file.getName(), why);
    }

    @Override
    public void update(File file) {
        install(file);
    }

    @Override
    public void uninstall(File file) throws IOException, InvalidSyntaxException {
        if (!NAME.matcher(file.getName()).matches() || !file.getName().endsWith(ENDING)) {
            return;
        }
        fromFiles.remove(pid(file));
        Configuration[] found = configurations.listConfigurations("(" + Constants.SERVICE_PID + "=" + pid(file) + ")");
        if (found != null) {
            found[0].delete();
            LOG.info("{} is withdrawn", file.getName());
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

    private static String pid(File file) {
        return file.getName().substring(0, file.getName().length() - ENDING.length());
    }
}
