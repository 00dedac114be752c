/** What authorization servers publish about themselves, and what of it is believed. */
@NullMarked
package io.cardea.core.discovery;

import org.jspecify.annotations.NullMarked;
