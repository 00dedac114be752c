/** Logins by authorization code, from the first redirect to the stored credential. */
@NullMarked
package io.cardea.core.login;

import org.jspecify.annotations.NullMarked;
