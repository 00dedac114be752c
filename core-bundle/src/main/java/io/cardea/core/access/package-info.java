/** Who may call: API keys, and what each of them opens. */
@NullMarked
package io.cardea.core.access;

import org.jspecify.annotations.NullMarked;
