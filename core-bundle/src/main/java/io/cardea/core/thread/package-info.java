/** Cardea's own threads, and what fails on them. */
@NullMarked
package io.cardea.core.thread;

import org.jspecify.annotations.NullMarked;
