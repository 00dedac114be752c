/**
 * The verbs of the Gogo shell, {@code oauth:<verb>}: a class for each, which reads its arguments and answers with text. The
 * shell finds them by their service properties, so nothing here needs it.
 */
@NullMarked
package io.cardea.core.shell;

import org.jspecify.annotations.NullMarked;
