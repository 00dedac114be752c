package io.cardea.core.configuration;

import io.cardea.core.deploy.ConfigurationDeployer;
import java.util.Collections;
import java.util.Dictionary;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets, the environment and framework properties are the operator's: a provider's definition that did not come from a
 * file of his may not refer to them. Runs before references are followed.
 */
@Component(immediate = true, property = ConfigurationPlugin.CM_RANKING + ":Integer=50")
public final class ForeignReferences implements ConfigurationPlugin {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignReferences.class);
    private static final String REFERENCE = "$[";

    private final ConfigurationDeployer deployer;

    @Activate
    public ForeignReferences(@Reference ConfigurationDeployer deployer) {
        this.deployer = deployer;
    }

    @Override
    public void modifyConfiguration(@Nullable ServiceReference<?> reference, Dictionary<String, Object> properties) {
        String pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        if (!HiddenSettings.isProviders(pid) || deployer.isFromFile(pid)) {
            return;
        }
        for (String key : Collections.list(properties.keys())) {
            if (String.valueOf(properties.get(key)).contains(REFERENCE)) {
                properties.remove(key);
                LOG.warn(
                        "{} of {} is ignored: only a file in the deploy folder may refer to secrets, to the environment"
                                + " and to properties",
                        key,
                        pid);
            }
        }
    }
}
