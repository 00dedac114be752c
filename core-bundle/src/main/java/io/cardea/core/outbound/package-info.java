/** The one way out to authorization servers. */
@NullMarked
package io.cardea.core.outbound;

import org.jspecify.annotations.NullMarked;
