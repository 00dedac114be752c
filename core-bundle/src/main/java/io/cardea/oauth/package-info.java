/**
 * For those who need tokens: who can be logged in to ({@link io.cardea.oauth.Providers}), logging in ({@link
 * io.cardea.oauth.Logins}) and what came of it ({@link io.cardea.oauth.Connections}), as OSGi services.
 */
@Version("1.1.0")
@Export
@NullMarked
package io.cardea.oauth;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
