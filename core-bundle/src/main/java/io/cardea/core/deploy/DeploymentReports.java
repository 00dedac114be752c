package io.cardea.core.deploy;

import io.cardea.core.event.EventLog;
import io.cardea.oauth.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of the files in the deploy folder, for the log and for whoever follows the events. */
record DeploymentReports(EventLog events) {

    private static final Logger LOG = LoggerFactory.getLogger(DeploymentReports.class);

    void failed(String file, String why, String otherwise) {
        LOG.error("{} is not deployed: {}. {}", file, why, otherwise);
        events.tell(Event.Type.DEPLOYMENT_FAILED, file + ": " + why + ". " + otherwise);
    }

    void failed(String file, String why) {
        failed(file, why, "Nothing else has changed.");
    }

    void completed(String file, String what) {
        events.tell(Event.Type.DEPLOYMENT_COMPLETED, file + ": " + what);
    }
}
