/** Fixed redirect URIs on the loopback address: listening there for as long as a login waits, and no longer. */
@NullMarked
package io.cardea.http.loopback;

import org.jspecify.annotations.NullMarked;
