/** Starts the OSGi framework with the bundles of the distribution, and stops it again. */
@NullMarked
package io.cardea.launcher;

import org.jspecify.annotations.NullMarked;
