/** Log in to Microsoft. */
@NullMarked
package io.cardea.provider.microsoft;

import org.jspecify.annotations.NullMarked;
