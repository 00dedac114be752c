/** Who is here: follows provider services as they come and go, and calls them so that a faulty one harms nobody. */
@NullMarked
package io.cardea.core.registry;

import org.jspecify.annotations.NullMarked;
