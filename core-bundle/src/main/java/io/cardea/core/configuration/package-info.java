/** What happens to configurations before anybody sees them. */
@NullMarked
package io.cardea.core.configuration;

import org.jspecify.annotations.NullMarked;
