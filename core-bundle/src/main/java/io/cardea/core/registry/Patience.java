package io.cardea.core.registry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * How long is waited for providers that come and go.
 *
 * @param admission until one that arrives has said who it is, before it is left to itself
 * @param departure until the calls of one that leaves have ended
 * @param update until one that is being updated is back
 */
record Patience(Duration admission, DrainTimeout departure, Duration update) {

    private static final Duration ADMISSION = Duration.ofSeconds(2);
    private static final Duration CALLS = Duration.ofSeconds(10);
    private static final Duration UPDATE = Duration.ofSeconds(5);

    static Patience configured(BundleContext context) {
        return new Patience(
                ADMISSION,
                new DrainTimeout(
                        seconds(context.getProperty("CARDEA_DRAIN_TIMEOUT"), CALLS), () -> isStopping(context)),
                seconds(context.getProperty("CARDEA_UPDATE_WAIT"), UPDATE));
    }

    private static Duration seconds(@Nullable String configured, Duration otherwise) {
        return configured == null || configured.isBlank()
                ? otherwise
                : Duration.ofSeconds(Long.parseLong(configured.trim()));
    }

    private static boolean isStopping(BundleContext context) {
        return context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
    }

    /** See {@link DrainTimeout}. */
    Duration calls() {
        return departure.now();
    }
}
