/** Logins that other programs have made, taken over when somebody asks for it. */
@NullMarked
package io.cardea.core.imports;

import org.jspecify.annotations.NullMarked;
