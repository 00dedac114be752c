/** Tells of provider bundles that have gone and left something behind: a thread, or anything that holds their classes. */
@NullMarked
package io.cardea.core.leak;

import org.jspecify.annotations.NullMarked;
