/** What happens to providers and connections, told to those who listen. */
@NullMarked
package io.cardea.core.event;

import org.jspecify.annotations.NullMarked;
