/** For those who write stores: {@link io.cardea.oauth.vault.VaultStore} keeps sealed records and sees nothing in them. */
@Version("1.0.0")
@Export
@NullMarked
package io.cardea.oauth.vault;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
