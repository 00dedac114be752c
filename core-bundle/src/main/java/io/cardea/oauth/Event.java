package io.cardea.oauth;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, without any secret.
 *
 * @param id greater than that of each earlier event of this installation
 * @param type what happened
 * @param time when
 * @param provider the provider that it happened to; empty for a deployment, which may be of several or of none
 * @param connection the name of the connection that it happened to; absent for events about the provider itself
 * @param detail for people, in one line; absent when the type says it all
 */
public record Event(
        long id, Type type, Instant time, String provider, Optional<String> connection, Optional<String> detail) {

    /** What can happen. */
    public enum Type {
        /** A provider came, and can be logged in to from now on. */
        PROVIDER_ARRIVED("provider.arrived"),
        /** A provider left. */
        PROVIDER_DEPARTED("provider.departed"),
        /** A login stored a credential, in place of another perhaps. */
        CONNECTION_CREATED("connection.created"),
        /** A credential was renewed. */
        CONNECTION_REFRESHED("connection.refreshed"),
        /** A credential could not be renewed; the detail says why. */
        CONNECTION_FAILED("connection.failed"),
        /** A credential was revoked and forgotten. */
        CONNECTION_REMOVED("connection.removed"),
        /** A file in the deploy folder took effect; the detail names it, and what it holds. */
        DEPLOYMENT_COMPLETED("deployment.completed"),
        /** A file in the deploy folder was refused; the detail names it, says why, and what runs now. */
        DEPLOYMENT_FAILED("deployment.failed");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        /** The type in JSON, such as {@code provider.arrived}. */
        public String wireName() {
            return wireName;
        }
    }
}
