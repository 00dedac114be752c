/** Sealing: what leaves the process, to a browser or a disk, is encrypted and bound to its place. */
@NullMarked
package io.cardea.core.seal;

import org.jspecify.annotations.NullMarked;
