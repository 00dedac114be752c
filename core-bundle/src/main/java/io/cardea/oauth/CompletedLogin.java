package io.cardea.oauth;

import java.util.Optional;

/**
 * A login that succeeded.
 *
 * @param id the {@link BegunLogin#id()}: what the browser was left with is no longer needed
 * @param connection what holds the credential now
 * @param returnTo where the browser goes, a path on this origin; absent for the success page
 */
public record CompletedLogin(String id, Connection connection, Optional<String> returnTo) {}
