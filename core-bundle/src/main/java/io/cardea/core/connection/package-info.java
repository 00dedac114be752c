/** What can be done with stored credentials: hand out, refresh, revoke. */
@NullMarked
package io.cardea.core.connection;

import org.jspecify.annotations.NullMarked;
