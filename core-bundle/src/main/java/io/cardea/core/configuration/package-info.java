/** Providers that are only data, from files and from bundles; and what happens to configurations before anybody sees them. */
@NullMarked
package io.cardea.core.configuration;

import org.jspecify.annotations.NullMarked;
