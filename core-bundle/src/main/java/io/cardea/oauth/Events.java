package io.cardea.oauth;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** What happens to providers, connections and the deploy folder, as it happens. */
@ProviderType
public interface Events {

    /** One listener's place in the stream. */
    interface Subscription extends AutoCloseable {
        /** The listener hears nothing more. */
        @Override
        void close();
    }

    /**
     * Follows what happens from now on, after what is still known of what happened since an event.
     *
     * @param after the id of the last event that the listener knows; {@link #FROM_NOW} for one that knows none. Events are
     *     remembered by number, so a listener that was away for long may miss some
     * @param listener called with one event after the other, in their order, on the thread on which they happen: it must
     *     neither block nor throw
     */
    Subscription subscribe(long after, Consumer<Event> listener);

    /** Stands for the id of the last event that happened. */
    long FROM_NOW = Long.MAX_VALUE;
}
