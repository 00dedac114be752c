/** Credentials as sealed records, and the store that keeps them in files. */
@NullMarked
package io.cardea.core.vault;

import org.jspecify.annotations.NullMarked;
