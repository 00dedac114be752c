package io.cardea.oauth;

import java.util.Locale;
import java.util.Optional;

/**
 * How far a login has come.
 *
 * @param key the connection that holds the credential once it is complete
 * @param state how it stands
 * @param failure why it failed; absent in every other state
 */
public record FlowStatus(ConnectionKey key, State state, Optional<OAuthException> failure) {

    /** How a login stands. */
    public enum State {
        /** The person has not answered yet. */
        PENDING,
        /** The credential is stored. */
        COMPLETE,
        /** The person said no. */
        DENIED,
        /** Nobody answered in time. */
        EXPIRED,
        /** It cannot be completed any more, for another reason. */
        FAILED;

        /** The name in JSON, such as {@code pending}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
