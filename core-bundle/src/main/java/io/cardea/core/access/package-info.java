/** Who may call. */
@NullMarked
package io.cardea.core.access;

import org.jspecify.annotations.NullMarked;
