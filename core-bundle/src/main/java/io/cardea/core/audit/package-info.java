/** What was done with this installation, for those who look after it. */
@NullMarked
package io.cardea.core.audit;

import org.jspecify.annotations.NullMarked;
