/** Cardea's own threads. */
@NullMarked
package io.cardea.core.thread;

import org.jspecify.annotations.NullMarked;
