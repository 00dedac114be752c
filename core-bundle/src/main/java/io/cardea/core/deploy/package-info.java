/** Bundles and configurations that are dropped into the deploy folder. */
@NullMarked
package io.cardea.core.deploy;

import org.jspecify.annotations.NullMarked;
