@NullMarked
package io.cardea.launcher;

import org.jspecify.annotations.NullMarked;
