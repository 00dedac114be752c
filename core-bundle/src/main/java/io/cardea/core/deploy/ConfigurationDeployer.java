package io.cardea.core.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.apache.felix.fileinstall.ArtifactListener;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configurations of providers in the deploy folder. FileInstall would take the first hyphen in a file's name for what
 * separates a factory from its instance: {@code io.cardea.provider~acme.cfg} would make no provider, and {@code
 * io.cardea.provider.claude-api.cfg} would configure another one.
 */
@Component(
        service = {ArtifactListener.class, ArtifactInstaller.class},
        // FileInstall asks the one with the highest ranking first, and its own last.
        property = Constants.SERVICE_RANKING + ":Integer=1")
public final class ConfigurationDeployer implements ArtifactInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationDeployer.class);
    private static final Pattern PROVIDERS = Pattern.compile("io\\.cardea\\.provider[.~].+\\.cfg");
    // For whichever bundle wants it (OSGi Compendium, section 104.4.1).
    private static final String ANY_BUNDLE = "?";

    private final ConfigurationAdmin configurations;

    @Activate
    public ConfigurationDeployer(@Reference ConfigurationAdmin configurations) {
        this.configurations = configurations;
    }

    @Override
    public boolean canHandle(File file) {
        return PROVIDERS.matcher(file.getName()).matches();
    }

    @Override
    public void install(File file) {
        update(file);
    }

    @Override
    public void update(File file) {
        try {
            configuration(file).updateIfDifferent(properties(file));
        } catch (IOException | IllegalArgumentException e) {
            // Neither message quotes what is in the file.
            LOG.error("{} is not deployed: {}. Nothing else has changed.", file.getName(), e.getMessage());
        }
    }

    @Override
    public void uninstall(File file) throws IOException {
        configuration(file).delete();
    }

    private Configuration configuration(File file) throws IOException {
        String pid = file.getName().substring(0, file.getName().length() - ".cfg".length());
        int mark = pid.indexOf('~');
        return mark < 0
                ? configurations.getConfiguration(pid, ANY_BUNDLE)
                : configurations.getFactoryConfiguration(pid.substring(0, mark), pid.substring(mark + 1), ANY_BUNDLE);
    }

    private static Dictionary<String, Object> properties(File file) throws IOException {
        Properties read = new Properties();
        try (Reader content = Files.newBufferedReader(file.toPath(), UTF_8)) {
            read.load(content);
        }
        Map<String, Object> properties = new HashMap<>();
        // A blank at the end of a line is nobody's wish.
        read.stringPropertyNames()
                .forEach(key -> properties.put(key, read.getProperty(key).stripTrailing()));
        return FrameworkUtil.asDictionary(properties);
    }
}
