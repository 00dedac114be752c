/** Files that nobody but their owner may read or write. */
@NullMarked
package io.cardea.core.file;

import org.jspecify.annotations.NullMarked;
