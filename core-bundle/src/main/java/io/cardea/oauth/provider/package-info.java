/**
 * For those who write providers: {@link io.cardea.oauth.provider.OAuthProvider} is the service to publish and
 * {@link io.cardea.oauth.provider.StandardProvider} the class that makes an ordinary one a matter of endpoints. A
 * provider bundle needs nothing else of Cardea.
 *
 * <p>This package grows without breaking anybody: an interface gets default methods; a record gets components, and its
 * old constructor stays beside the new one.
 */
@Version("1.0.0")
@Export
@NullMarked
package io.cardea.oauth.provider;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
