/** Log in to Google. */
@NullMarked
package io.cardea.provider.google;

import org.jspecify.annotations.NullMarked;
