/** What is dropped into the deploy folder: bundles, and configurations of providers. */
@NullMarked
package io.cardea.core.deploy;

import org.jspecify.annotations.NullMarked;
